"""A machine that drives the same random sequence through a desk on PostgreSQL and through its twin in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from tests.parity.held import first_difference, must_hold, read_held
from tests.parity.markets import (
    DAY,
    HOUR,
    SECOND,
    START,
    Moment,
    Tick,
    Wish,
    after_split,
    day_of,
    dividend_of_price,
    dividends,
    first_prices,
    happening_of,
    manifest_of,
    month,
    priced_for,
    rule_sets,
    split_ratios,
    states,
    terms_of,
    ticks,
    volumes,
    wishes,
)
from tests.parity.oracle import Oracle
from tests.parity.reached import note_replacement, note_restart, note_statuses
from tests.parity.twin import OPEN, Order, Twin
from tests.postgres import fresh_database

from tradewind.backtest.agreement import compare
from tradewind.domain.identity import signal_id
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Side, TradingState
from tradewind.domain.rules.book import EQUITY, Rules
from tradewind.domain.rules.volatility import WARM_UP
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.desk import Command, flatten, request_cancel, request_order, request_replace
from tradewind.store.inbox import InboxRow
from tradewind.store.migrate import migrate
from tradewind.store.strategies import register_strategy, set_trading_state
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.decide import Decider, DecisionFailedError

STEPS = 13
NAMES = ("AAA", "BBB", "CCC")
a_tick = st.tuples(st.sampled_from([True] * 6 + [False]), ticks).map(lambda drawn: drawn[1] if drawn[0] else None)
three_ticks = st.tuples(a_tick, a_tick, a_tick)
symbol_numbers = st.integers(0, 2)
sides_of_state = st.sampled_from(["PERSON", "MANIFEST"])
falls = st.sampled_from([0, -20, -400, -3_000])
ACTIVE, REDUCING, HALTED = TradingState
stops = st.sampled_from([HALTED, REDUCING])


class DeskMachine(RuleBasedStateMachine):
    """One desk and its twin. Symbols are named by number, those that are held first."""

    connection: ClassVar[Connection]
    reached: ClassVar[Counter[str]]

    @initialize(
        drawn=rule_sets(),
        symbols=st.sampled_from([2, 1, 3]),
        prices=st.tuples(first_prices, first_prices, first_prices),
        state=states,
    )
    def open(self, drawn: tuple[Rules, int], symbols: int, prices: tuple[int, int, int], state: TradingState) -> None:
        """Register a strategy of its own with random limits."""
        rules, cash = drawn
        self.symbols = NAMES[:symbols]
        self.last = {s: priced_for(cash, price) for s, price in zip(self.symbols, prices, strict=False)}
        self.time = START
        self.strategy = manifest_of(rules, cash, self.symbols, uuid4(), state)
        register_strategy(self.connection, self.strategy, plan_strategy(self.strategy))
        self.id = str(self.strategy.id)
        self.owner = trading_owner(self.id)
        self.twin = Twin(rules, cash, self.symbols, self.strategy.id.uid, self.reached)
        self.start(told=True)
        self.twin.set_state("MANIFEST", state)
        self.splits: dict[str, tuple[int, int]] = {}
        self.paid: dict[str, int] = {}
        self.absurd: set[str] = set()
        self.broken = False
        self.reached["sequences"] += 1
        self.compare_now()

    # Instants: the next one so much later, with a bar for each symbol that has a tick.

    @rule(after=st.sampled_from([SECOND, 20 * SECOND]), bars=three_ticks)
    def soon(self, after: timedelta, bars: tuple[Tick | None, ...]) -> None:
        self.live([self.moment(after, bars)])

    @rule(after=st.sampled_from([60 * SECOND, HOUR, 3 * HOUR]), bars=three_ticks)
    def later(self, after: timedelta, bars: tuple[Tick | None, ...]) -> None:
        self.live([self.moment(after, bars)])

    @rule(bars=three_ticks)
    def next_day(self, bars: tuple[Tick | None, ...]) -> None:
        self.live([self.moment(DAY, bars)])

    @rule(after=st.sampled_from([SECOND, 60 * SECOND, HOUR]), gap=falls, move=falls, volume=volumes)
    def crash(self, after: timedelta, gap: int, move: int, volume: int) -> None:
        self.live([self.moment(after, (Tick(gap, move, 0, 0, volume),) * 3)])

    @rule(days=st.sampled_from([2, 9]), bars=three_ticks)
    def days_later(self, days: int, bars: tuple[Tick | None, ...]) -> None:
        self.live([self.moment(days * DAY, bars)])

    @precondition(lambda self: self.twin.rules.target_volatility and min(self.twin.book.returns) < WARM_UP)
    @rule(moves=st.lists(falls, min_size=1, max_size=3))
    def a_month(self, moves: list[int]) -> None:
        """Let a volatility become known."""
        moments = month(self.time, self.last, moves)
        self.time = moments[-1].time
        self.live(moments)

    @rule(after=st.sampled_from([HOUR, DAY]), several=st.lists(three_ticks, min_size=2, max_size=3))
    def at_once(self, after: timedelta, several: list[tuple[Tick | None, ...]]) -> None:
        self.reached["several instants in one transaction"] += 1
        self.live([self.moment(after, bars) for bars in several])

    # What a person wants.

    @rule(symbol=symbol_numbers, wish=wishes, twice=st.booleans())
    def order(self, symbol: int, wish: Wish, twice: bool) -> None:
        self.ask(symbol, wish, twice)

    def ask(self, symbol: int, wish: Wish, twice: bool) -> None:
        order = self.wished(self.named(symbol), wish)
        for created in (True, False) if twice else (True,):
            assert request_order(self.connection, self.id, command_of(order)) == (order.id, created)
        self.twin.order(order)

    @rule(symbol=symbol_numbers, wish=wishes)
    def enter(self, symbol: int, wish: Wish) -> None:
        """Buy, and let two quiet days go by."""
        self.ask(symbol, replace(wish, side=Side.BUY), False)
        for _ in range(2):
            self.live([self.moment(DAY, (Tick(),) * 3)])

    @precondition(lambda self: self.twin.orders)
    @rule(which=st.integers(0, 9))
    def cancel(self, which: int) -> None:
        self.end(which)

    def end(self, which: int) -> None:
        order = self.chosen(which)
        answer = request_cancel(self.connection, self.id, order.id)
        assert answer == self.twin.cancel(order).value

    @precondition(lambda self: self.twin.orders)
    @rule(which=st.integers(0, 9), wish=wishes)
    def replace_order(self, which: int, wish: Wish) -> None:
        order = self.chosen(which)
        new = self.wished(order.symbol, replace(wish, side=order.side))
        note_replacement(self.reached, self.twin, order)
        answer = request_replace(self.connection, self.id, order.id, command_of(new))
        assert answer == self.twin.replace(order, new).value

    @precondition(lambda self: any(self.twin.book.quantity))
    @rule(again=st.booleans())
    def flatten(self, again: bool) -> None:
        done = flatten(self.connection, self.id, "a test", None, "").done
        self.twin.flatten({sale["symbol"]: UUID(sale["client_order_id"]) for sale in done["sales"]})
        if again:
            self.change_state("PERSON", ACTIVE)

    @rule(side=sides_of_state, state=states)
    def set_state(self, side: str, state: TradingState) -> None:
        self.change_state(side, state)

    @rule(
        side=sides_of_state,
        state=st.sampled_from([HALTED, REDUCING]),
        symbol=symbol_numbers,
        wish=wishes,
        bars=three_ticks,
    )
    def stop_for_an_instant(
        self, side: str, state: TradingState, symbol: int, wish: Wish, bars: tuple[Tick | None, ...]
    ) -> None:
        self.change_state(side, state)
        self.ask(symbol, wish, False)
        self.live([self.moment(HOUR, bars)])
        self.change_state(side, ACTIVE)

    def change_state(self, side: str, state: TradingState) -> None:
        set_trading_state(self.connection, self.id, side, state.name, "a test")
        self.twin.set_state(side, state)

    # What companies do before the next instant.

    @rule(symbol=symbol_numbers, ratio=split_ratios)
    def split(self, symbol: int, ratio: tuple[int, int]) -> None:
        self.announce_split(symbol, ratio)

    def announce_split(self, symbol: int, ratio: tuple[int, int]) -> None:
        name = self.named(symbol)
        if ratio[1] > 10:
            if name in self.absurd:
                return  # a second one would pass 64 bits
            self.absurd.add(name)
        self.last[name] = after_split(self.last[name], ratio)
        self.splits[name] = ratio

    @rule(symbol=symbol_numbers, part=dividends)
    def dividend(self, symbol: int, part: int) -> None:
        self.announce_dividend(symbol, part)

    def announce_dividend(self, symbol: int, part: int) -> None:
        name = self.named(symbol)
        self.paid[name] = dividend_of_price(self.last[name], part)

    @rule(
        after=st.sampled_from([DAY, HOUR, SECOND]),
        symbol=symbol_numbers,
        ratio=st.none() | split_ratios,
        part=st.none() | dividends,
        wish=st.none() | wishes,
        canceled=st.none() | st.integers(0, 3),
        fresh=st.booleans(),
        bars=three_ticks,
    )
    def much_at_once(
        self,
        after: timedelta,
        symbol: int,
        ratio: tuple[int, int] | None,
        part: int | None,
        wish: Wish | None,
        canceled: int | None,
        fresh: bool,
        bars: tuple[Tick | None, ...],
    ) -> None:
        """Ask for an order and for another's end, start anew, and live through a split and a dividend."""
        if wish is not None:
            self.ask(symbol, wish, False)
        if canceled is not None and self.twin.orders:
            self.end(canceled)
        if ratio is not None:
            self.announce_split(symbol, ratio)
        if part is not None:
            self.announce_dividend(symbol, part)
        if fresh:
            self.start(told=True)
        self.live([self.moment(after, bars)])

    @rule(told=st.booleans())
    def restart(self, told: bool) -> None:
        self.start(told)

    # How it is done.

    def start(self, told: bool) -> None:
        """Start a desk that has nothing but the ledger; it is told of what arrives, or reads it."""
        note_restart(self.reached, self.twin)
        self.arrivals = Arrivals(self.strategy, self.owner)
        self.decider = Decider(self.strategy, self.owner, arrivals=self.arrivals if told else None)

    def named(self, number: int) -> str:
        return sorted(self.symbols, key=lambda symbol: not self.twin.held(symbol))[number % len(self.symbols)]

    def wished(self, symbol: str, wish: Wish) -> Order:
        equity = self.twin.book.account[EQUITY]
        side, quantity, stop, target = wish.order(self.last[symbol], equity, self.twin.held(symbol))
        return Order(uuid4(), symbol, side, Origin.COMMAND, quantity, OrderStatus.INITIALIZED, stop, target)

    def chosen(self, which: int) -> Order:
        """Return one of the orders, those that are still open first."""
        orders = sorted(self.twin.orders.values(), key=lambda order: order.status not in OPEN)
        return orders[which % len(orders)]

    def moment(self, after: timedelta, bars: tuple[Tick | None, ...]) -> Moment:
        """Return the next moment, with the corporate actions that wait for it."""
        self.time += after
        moment = Moment(self.time, splits=self.splits, dividends=self.paid, bars=(found := {}), sides=(given := {}))
        self.splits, self.paid = {}, {}
        for symbol, tick in zip(self.symbols, bars, strict=False):
            if tick is not None:
                found[symbol] = *tick.prices(self.last[symbol]), tick.volume
                given[symbol] = tick.side
                self.last[symbol] = found[symbol][3]
        return moment

    def live(self, moments: list[Moment]) -> None:
        """Let both sides live through instants that are decided in one transaction, and compare."""
        if self.broken:
            return
        with self.connection.transaction():
            self.arrivals.add(self.connection, [row for moment in moments for row in self.rows(moment)])
        try:
            expected = self.twin.decide(moments)
        except OverflowError:
            self.break_off()
            return
        assert self.decider.may_decide()
        with self.connection.transaction():
            decided = self.decider.decide(self.connection, 1)
        for moment, events in zip(moments, expected, strict=True):
            self.tell(f"  {moment.time:%d %H:%M:%S} {' '.join(map(told, events)) or 'nothing'}")
        assert [list(each.events) for each in decided] == expected
        assert [each.time for each in decided] == [moment.time for moment in moments]
        self.compare_now()

    def tell(self, what: str) -> None:
        """Put a line beside the step that a failing sequence is printed with."""
        note(what)

    def break_off(self) -> None:
        """Show that an instant that the rule book can't count is decided by nobody and changes nothing."""
        self.broken = True
        self.reached["an amount past all bounds"] += 1
        before = read_held(self.connection, self.id)
        with pytest.raises(DecisionFailedError), self.connection.transaction():
            self.decider.decide(self.connection, 1)
        assert read_held(self.connection, self.id) == before

    def rows(self, moment: Moment) -> Iterator[InboxRow]:
        """Give what the desk receives of a moment."""
        for symbol, (numerator, denominator) in moment.splits.items():
            yield InboxRow(moment.time, symbol, "SPLIT", numerator=numerator, denominator=denominator)
        for symbol, amount in moment.dividends.items():
            yield InboxRow(moment.time, symbol, "DIVIDEND", amount=amount)
        for symbol in self.symbols:
            if symbol not in moment.bars:
                yield InboxRow(moment.time, symbol, "MISSING")
                continue
            yield InboxRow(moment.time, symbol, "BAR", *moment.bars[symbol])
            name = signal_id(self.twin.uid, symbol, "1d", moment.time)
            yield InboxRow(moment.time, symbol, "SIGNAL", signal_id=name, side=moment.sides[symbol])

    def compare_now(self) -> None:
        """Hold everything that PostgreSQL has against the twin."""
        note_statuses(self.reached, self.twin)
        difference = first_difference(must_hold(self.twin), read_held(self.connection, self.id))
        assert difference is None, difference

    def teardown(self) -> None:
        """Compare what was asked for last; then simulator and oracle tell the same story as the desk."""
        if not hasattr(self, "twin") or self.broken:
            return
        self.compare_now()
        agreement = compare(self.connection, self.strategy)
        assert agreement.agrees, str(agreement)
        assert agreement.fills == len(self.twin.fills)
        oracle = Oracle(terms_of(self.twin.rules), to_decimal(self.twin.cash, MONEY_SCALE))
        for moment in self.twin.moments:
            oracle.instant(day_of(moment))
        assert oracle.happenings == [happening_of(row, self.symbols) for row in self.twin.rows]


def command_of(order: Order) -> Command:
    return Command(order.id, order.symbol, order.side, order.quantity, order.stop, order.target)


def told(event: OrderEvent) -> str:
    reason = "" if event.reason is None else f" {event.reason}"
    return f"[{event.symbol} {event.origin} {event.side.name} {event.quantity} {event.kind}{reason} at {event.price}]"


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Give a connection for sequences."""
    with connect(url) as connection:
        # What a crash of the server would lose is of no use to anybody.
        connection.execute("SET synchronous_commit = off")
        # A busy machine may keep this process from its processor for long, and nobody waits for its locks.
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield connection


def run_sequences(server_url: str, sequences: int) -> Counter[str]:
    """Run so many sequences on a database of its own; return what they have been through."""
    with fresh_database(server_url) as url:
        migrate(url)
        with connected(url) as connection:
            DeskMachine.connection, DeskMachine.reached = connection, Counter()
            run_state_machine_as_test(
                DeskMachine,
                settings=settings(
                    max_examples=sequences,
                    stateful_step_count=STEPS,
                    deadline=None,
                    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
                    report_multiple_bugs=False,
                    suppress_health_check=list(HealthCheck),
                ),
            )
            return DeskMachine.reached
