"""The rule book interpreted, as the desk does, against compiled, as the simulator does: equal to the unit."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.backtest.blocks import Integers
from tradewind.backtest.simulator import GRID, History, simulate
from tradewind.backtest.trades import PNL, fill_rows, round_trips
from tradewind.domain.bars import session_of
from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX, QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.orders import Side
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Book, Instant, Rules, new_book, new_events
from tradewind.domain.rules.instant import run_instant
from tradewind.domain.rules.volatility import WARM_UP
from tradewind.store.ledger import WaitingCommand
from tradewind.trading.instants import Gathered

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
NAMES = ("AAA", "BBB", "CCC")


@dataclass(frozen=True)
class Outcome:
    """Rows, books, equity and cash by instant; or the error, its words and its instant."""

    rows: list[list[int]]
    book: list[list[int]]
    equity: list[int]
    cash: list[int]
    error: tuple[type[ArithmeticError], str, int] | None = None


def interpret(history: History, rules: Rules, initial_cash: int) -> Outcome:
    """Run the rule book on plain lists."""
    book = new_book(len(history.symbols), initial_cash)
    events = new_events(len(history.symbols))
    rows: list[list[int]] = []
    equity, cash = [], []
    for t in range(len(history.time)):
        grid = (getattr(history, name)[t].tolist() for name in GRID)
        clock = (int(history.time[t]), int(history.session[t]), int(history.trading_state[t]))
        instant = Instant(*clock, range(len(history.symbols)), *grid)
        try:
            count = run_instant(rules, book, instant, events, 0)
        except ArithmeticError as error:
            return Outcome([], [], [], [], (type(error), str(error), t))
        rows += [list(row) for row in events[:count]]
        equity.append(book.account[columns.EQUITY])
        cash.append(book.account[columns.CASH])
    return Outcome(rows, [list(column) for column in book], equity, cash)


def compile_and_run(history: History, rules: Rules, initial_cash: int) -> Outcome:
    try:
        simulation = simulate(history, rules, initial_cash)
    except ArithmeticError as error:
        at = next(t for t in range(len(history.time)) if _moment(history, t) in error.__notes__[0])
        return Outcome([], [], [], [], (type(error), str(error), at))
    book = [np.asarray(column).tolist() for column in simulation.book]
    return Outcome(simulation.rows.tolist(), book, simulation.equity.tolist(), simulation.cash.tolist())


def _moment(history: History, t: int) -> str:
    return str(np.datetime64(int(history.time[t]), "us")).replace(".000000", "")


def make_rules(random: Random) -> Rules:
    def rate(least: int, most: int) -> int:
        return random.choice([0, random.randint(least, most)])

    return Rules(
        fraction=random.choice([10**8, 20_000_000, random.randint(1, 10**8)]),
        max_position=rate(10_000_000, 10**8),
        max_concentration=rate(10_000_000, 10**8),
        stop_loss=rate(1, 10_000_000),
        take_profit=rate(1, 20_000_000),
        max_daily_loss=rate(1, 5_000_000),
        fee_rate=rate(1, 9_999_999),
        slippage=rate(1, 5_000_000),
        lot=random.choice([1, 10**6, QUANTITY_SCALE]),
        max_signal_age=random.choice([0, DAY, 7 * DAY]),
        max_order_notional=random.choice([0, 0, random.randint(1, 10**9)]),
        orders_per_minute=random.choice([0, 0, 1, 2, 4]),
        max_participation=rate(1, 10**8),
        slippage_points=random.choice([0, 0, 1, 500]),
        fee_per_unit=random.choice([0, 0, 1, 10**6]),
        fee_per_order=random.choice([0, 0, random.randint(1, 10**6)]),
        min_fee=random.choice([0, 0, random.randint(1, 10**7)]),
        trailing_stop=rate(1, 10_000_000),
        cool_down=random.choice([0, 0, SECOND, DAY, 9 * DAY]),
        notional=random.choice([0, 0, 0, random.randint(1, 10**9)]),
        order_type=random.choice([codes.MARKET, codes.LIMIT_ORDER, codes.STOP_ORDER, codes.STOP_LIMIT]),
        time_in_force=random.choice([codes.GTC, codes.DAY, codes.IOC]),
        limit_offset=rate(1, 5_000_000),
        stop_offset=rate(1, 5_000_000),
        tick=random.choice([1, 1, 100]),
        allow_short=random.choice([0, 1]),
        borrow_rate=rate(1, 10**9),
        reverse=random.choice([0, 1]),
        **random.choice([{}, {}, {"target_volatility": random.randint(1, 10**7)}, kelly_of(random)]),
    )


def kelly_of(random: Random) -> dict[str, int]:
    return {"kelly": random.choice([10**8, random.randint(1, 10**8)]), "kelly_trades": random.randint(1, 3)}


def make_history(random: Random, instants: int, symbols: int, extreme: bool) -> History:
    shape = (instants, symbols)
    grid = {name: np.zeros(shape, np.int64) for name in GRID}
    most = random.choice([10, 10**6, 10**9, AMOUNT_MAX // 4 if extreme else 10**7])
    last = [random.randint(1, most) for _ in range(symbols)]
    here = random.choice([1.0, 0.9, 0.6])
    for t in range(instants):
        for i in range(symbols):
            grid["side"][t, i] = random.choice([1, 1, 0, -1])
            if random.random() < 0.15:
                grid["command_side"][t, i] = random.choice([1, -1])
                size = random.choice([1, 10**6, 10**9, 10**11, QUANTITY_MAX if extreme else 10**10])
                grid["command_quantity"][t, i] = random.randint(1, size)
                grid["command_stop"][t, i] = random.choice([0, max(1, last[i] * 9 // 10)])
                grid["command_target"][t, i] = random.choice([0, last[i] + last[i] // 10])
                if grid["command_side"][t, i] < 0 and random.random() < 0.7:
                    stop, target = grid["command_stop"][t, i], grid["command_target"][t, i]
                    grid["command_stop"][t, i], grid["command_target"][t, i] = target, stop
            grid["cancel"][t, i] = random.random() < 0.1
            if random.random() < 0.08:
                ratio = random.choice([(2, 1), (1, 3), (random.randint(1, 99), random.randint(1, 99)), (1, 2**31 - 1)])
                grid["split_numerator"][t, i], grid["split_denominator"][t, i] = ratio
            if random.random() < 0.08:
                grid["dividend"][t, i] = random.randint(1, max(1, AMOUNT_MAX if extreme else last[i] // 10))
            if random.random() >= here:
                continue
            # Mostly small moves, gaps of up to a fifth now and then.
            swing = max(1, last[i] // random.choice([5, 50, 50, 200]))
            prices = [max(1, min(AMOUNT_MAX, last[i] + random.randint(-swing, swing))) for _ in range(4)]
            grid["present"][t, i] = 1
            grid["volume"][t, i] = random.choice([0, 1, random.randint(0, 10**10), random.randint(0, 10**14)])
            grid["low"][t, i], grid["high"][t, i] = min(prices), max(prices)
            grid["open"][t, i], grid["close"][t, i] = prices[0], prices[1]
            last[i] = prices[1]
    steps = [random.choice([SECOND, HOUR, DAY, DAY, 9 * DAY]) for _ in range(instants)]
    time = 14_000 * DAY + np.cumsum(np.array(steps, np.int64))
    session = np.array([session_of(int(close)) for close in time], np.int64)
    state = np.array([random.choice([0, 0, 0, 0, 1, 2]) for _ in range(instants)], np.int64)
    return History(NAMES[:symbols], time, session, state, **grid)


def scenario(seed: int, extreme: bool) -> tuple[History, Rules, int]:
    random = Random(seed)
    history = make_history(random, random.randint(1, random.choice([30, 30, 60])), random.randint(1, 3), extreme)
    cash = random.choice([10**4, 10**7, 10**9, 10**16 if extreme else 10**12])
    return history, make_rules(random), random.randint(1, cash)


@settings(max_examples=10_000, deadline=None)
@given(st.integers(0, 2**64), st.booleans())
def test_interpreted_equals_compiled(seed: int, extreme: bool) -> None:
    history, rules, cash = scenario(seed, extreme)
    assert compile_and_run(history, rules, cash) == interpret(history, rules, cash)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**64))
def test_the_trades_that_sizes_are_made_of_are_those_of_the_metrics(seed: int) -> None:
    history, rules, cash = scenario(seed, extreme=False)
    rules = rules._replace(kelly=RATE_SCALE, kelly_trades=5, target_volatility=0, notional=0)
    try:
        fills = fill_rows(simulate(history, rules, cash).rows)
        # The metrics' trades end with the last fill.
        history = first_instants(history, int((history.time <= (fills[-1, 1] if len(fills) else 0)).sum()))
        account = simulate(history, rules, cash).book.account
    except OverflowError:
        return
    earned = round_trips(fills, actions_of(history), len(history.symbols))[:, PNL]
    found = [int(account[column]) for column in (columns.WINS, columns.LOSSES, columns.GAINED, columns.LOST)]
    assert found == [(earned > 0).sum(), (earned < 0).sum(), earned[earned > 0].sum(), -earned[earned < 0].sum()]


def first_instants(history: History, count: int) -> History:
    grid = {name: getattr(history, name)[:count] for name in GRID}
    return History(
        history.symbols, history.time[:count], history.session[:count], history.trading_state[:count], **grid
    )


def actions_of(history: History) -> Integers:
    rows: list[tuple[int, ...]] = []
    for t, time in enumerate(history.time.tolist()):
        for i in range(len(history.symbols)):
            if history.split_numerator[t, i]:
                ratio = int(history.split_numerator[t, i]), int(history.split_denominator[t, i])
                rows.append((i, time, *ratio, 0))
            if history.dividend[t, i]:
                rows.append((i, time, 0, 0, int(history.dividend[t, i])))
    return np.array(rows, np.int64).reshape(-1, 5)


def test_the_scenarios_reach_every_outcome() -> None:
    kinds, reasons, origins, errors = set(), set(), set(), set()
    known = counted = 0
    for seed in range(600):
        outcome = interpret(*scenario(seed, extreme=seed % 2 == 0))
        if outcome.error is not None:
            errors.add(outcome.error[0])
        elif outcome.book:
            known += max(outcome.book[Book._fields.index("returns")]) == WARM_UP
            counted += outcome.book[0][columns.LOSSES] > 0
        for row in outcome.rows:
            kinds.add(row[columns.KIND])
            reasons.add(row[columns.CODE])
            origins.add(row[columns.ORIGIN])
    assert kinds == set(range(codes.ACCEPTED, codes.TRIGGERED + 1))
    assert reasons == set(range(codes.TIME_IN_FORCE + 1))
    assert origins == {codes.SIGNAL, codes.COMMAND, codes.STOP_LOSS, codes.TAKE_PROFIT, codes.TRAILING_STOP}
    assert errors == {OverflowError}
    assert min(known, counted) > 10


def test_a_cancel_ends_the_order_that_it_is_meant_for_and_no_other() -> None:
    gathered = Gathered(datetime(2020, 1, 2, tzinfo=UTC))
    wish = WaitingCommand(UUID(int=1), "CANCEL", "AAA", Side.HOLD, 0, 0, 0)
    assert gathered.to_rules(NAMES, [wish], {"AAA": UUID(int=1)}).cancel == [1, 0, 0]
    assert gathered.to_rules(NAMES, [wish], {"AAA": UUID(int=2), "BBB": UUID(int=1)}).cancel == [0, 0, 0]
    assert gathered.to_rules(NAMES, [wish], {}).cancel == [0, 0, 0]
