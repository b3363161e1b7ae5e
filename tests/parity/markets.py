"""Random strategies and markets, drawn so that they shrink to something readable, and read by rule book and oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st
from tests.parity.sizings import WAYS, YEARLY, sized_by, sizing_of
from tests.parity.terms import Action, Bracket, Day, Happening, Quote, Terms, Wishes

from tradewind.domain.bars import session_of, to_micros
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_MAX, QUANTITY_SCALE, RATE_SCALE, to_decimal
from tradewind.domain.orders import Reason, Side, TradingState, to_order_event
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Instant, Rules, new_instant
from tradewind.domain.rules.volatility import WARM_UP
from tradewind.manifest.resources import API_VERSION, TradingStrategy

START = datetime(2020, 1, 2, 12, tzinfo=UTC)
REPLAY = {"from": "2019-01-02", "tradeFrom": "2020-01-02", "to": "2020-12-31"}
PERCENT = RATE_SCALE // 100
TICK = PRICE_SCALE // 100
LOTS = (QUANTITY_SCALE, QUANTITY_SCALE // 1000, 7)
ORDER_TYPES = ("Market", "Limit", "Stop", "StopLimit")
TIMES_IN_FORCE = ("GTC", "DAY", "IOC")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


PLENTY = 10_000 * QUANTITY_SCALE


@dataclass(frozen=True, repr=False)
class Tick:
    """One symbol's next bar as steps in basis points: the gap to the open, the close from there, the wicks beyond."""

    gap: int = 0
    move: int = 0
    up: int = 0
    down: int = 0
    volume: int = PLENTY
    side: Side = Side.HOLD

    def __repr__(self) -> str:
        """Show what is not as it mostly is: failing sequences are read."""
        shown = [f"{f.name}={getattr(self, f.name)}" for f in fields(self) if getattr(self, f.name) != f.default]
        return f"Tick({', '.join(shown)})"

    def prices(self, last: int) -> tuple[int, int, int, int]:
        """Return open, high, low and close after a last price."""
        open_ = moved(last, self.gap)
        close = moved(open_, self.move)
        return open_, moved(max(open_, close), self.up), moved(min(open_, close), -self.down), close


@dataclass(frozen=True)
class Wish:
    """A person's order: a purchase of percents of the equity, a sale of percents of what is held.

    Stop and target are in basis points off the last price, None for none; a target is above its stop.
    """

    side: Side
    percent: int
    stop: int | None = None
    target: int | None = None
    whole: bool = True

    def order(self, last: int, equity: int, held: int) -> tuple[Side, int, int, int]:
        """Return side, quantity, stop and target, 0 for none."""
        sells = self.side is Side.SELL
        whole_quantity = held if sells and held > 0 else equity * QUANTITY_SCALE // last
        quantity = max(1, min(QUANTITY_MAX, whole_quantity * self.percent // 100))
        if self.whole and quantity > QUANTITY_SCALE:
            quantity -= quantity % QUANTITY_SCALE
        if sells:
            above = 0 if self.stop is None else max(2, moved(last, -self.stop))
            below = 0 if self.target is None else moved(last, -self.target)
            return self.side, quantity, above, min(above - 1, below) if above else below
        stop = 0 if self.stop is None else moved(last, self.stop)
        target = 0 if self.target is None else max(stop + 1, moved(last, self.target))
        return self.side, quantity, stop, target


@dataclass(frozen=True)
class Moment:
    """What happens at one instant, in the rule book's integers."""

    time: datetime
    state: TradingState = TradingState.ACTIVE
    bars: Mapping[str, tuple[int, int, int, int, int]] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    orders: Mapping[str, tuple[Side, int, int, int]] = field(default_factory=dict)
    cancels: frozenset[str] = frozenset()
    splits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    dividends: Mapping[str, int] = field(default_factory=dict)


def moved(price: int, basis_points: int) -> int:
    """Return a price moved by basis points, at least one unit."""
    return max(1, price + price * basis_points // 10_000)


def after_split(price: int, ratio: tuple[int, int]) -> int:
    """Return where a price goes with a split; a ratio past all reason leaves it."""
    return max(1, price * ratio[1] // ratio[0]) if ratio[1] <= 10 else price


def dividend_of_price(price: int, basis_points: int) -> int:
    """Return a dividend that is so many basis points of a price, at least one unit."""
    return max(1, price * basis_points // 10_000)


def instant_of(moment: Moment, symbols: Sequence[str]) -> Instant:
    """Return a moment as the rule book reads it."""
    micros = to_micros(moment.time)
    instant = new_instant(micros, session_of(micros), len(symbols), moment.state)
    for i, symbol in enumerate(symbols):
        if symbol in moment.bars:
            instant.present[i] = 1
            instant.open[i], instant.high[i], instant.low[i], instant.close[i], instant.volume[i] = moment.bars[symbol]
            instant.side[i] = moment.sides.get(symbol, Side.HOLD)
        if symbol in moment.orders:
            side, quantity, stop, target = moment.orders[symbol]
            instant.command_side[i], instant.command_quantity[i] = side, quantity
            instant.command_stop[i], instant.command_target[i] = stop, target
        instant.cancel[i] = int(symbol in moment.cancels)
        if symbol in moment.splits:
            instant.split_numerator[i], instant.split_denominator[i] = moment.splits[symbol]
        instant.dividend[i] = moment.dividends.get(symbol, 0)
    return instant


def day_of(moment: Moment) -> Day:
    """Return a moment as the oracle reads it."""
    quotes = {}
    for symbol, (*prices, volume) in moment.bars.items():
        open_, high, low, close = (to_decimal(price, PRICE_SCALE) for price in prices)
        side = moment.sides.get(symbol, Side.HOLD).name
        quotes[symbol] = Quote(open_, high, low, close, to_decimal(volume, QUANTITY_SCALE), side)
    wishes = {}
    for symbol in moment.orders.keys() | moment.cancels:
        order, bracket = None, Bracket()
        if symbol in moment.orders:
            wanted, quantity, stop, target = moment.orders[symbol]
            order = wanted.name, to_decimal(quantity, QUANTITY_SCALE)
            bracket = Bracket(_price(stop), _price(target))
        wishes[symbol] = Wishes(order, bracket, symbol in moment.cancels)
    actions = {
        symbol: Action(moment.splits.get(symbol), to_decimal(moment.dividends.get(symbol, 0), PRICE_SCALE))
        for symbol in moment.splits.keys() | moment.dividends.keys()
    }
    return Day(moment.time, quotes, wishes, actions, moment.state.name)


def terms_of(rules: Rules) -> Terms:
    """Return a strategy's limits and costs as the oracle reads them."""

    def rate(units: int) -> Decimal | None:
        return to_decimal(units, RATE_SCALE) if units else None

    return Terms(
        fraction=to_decimal(rules.fraction, RATE_SCALE),
        max_position=rate(rules.max_position),
        max_concentration=rate(rules.max_concentration),
        stop_loss=rate(rules.stop_loss),
        take_profit=rate(rules.take_profit),
        max_daily_loss=rate(rules.max_daily_loss),
        fee=to_decimal(rules.fee_rate, RATE_SCALE),
        slippage=to_decimal(rules.slippage, RATE_SCALE),
        lot=to_decimal(rules.lot, QUANTITY_SCALE),
        max_signal_age=timedelta(microseconds=rules.max_signal_age),
        max_order_notional=_price(rules.max_order_notional),
        orders_per_minute=rules.orders_per_minute or None,
        max_participation=rate(rules.max_participation),
        slippage_points=to_decimal(rules.slippage_points, PRICE_SCALE),
        fee_per_unit=to_decimal(rules.fee_per_unit, PRICE_SCALE),
        fee_per_order=to_decimal(rules.fee_per_order, MONEY_SCALE),
        min_fee=to_decimal(rules.min_fee, MONEY_SCALE),
        trailing_stop=rate(rules.trailing_stop),
        cool_down=timedelta(microseconds=rules.cool_down),
        notional=_price(rules.notional),
        order_type=ORDER_TYPES[rules.order_type],
        time_in_force=TIMES_IN_FORCE[rules.time_in_force],
        limit_offset=to_decimal(rules.limit_offset, RATE_SCALE),
        stop_offset=to_decimal(rules.stop_offset, RATE_SCALE),
        tick=to_decimal(rules.tick, PRICE_SCALE),
        allow_short=bool(rules.allow_short),
        borrow_rate=to_decimal(rules.borrow_rate, RATE_SCALE),
        reverse=bool(rules.reverse),
        target_volatility=rate(YEARLY[rules.target_volatility] * PERCENT) if rules.target_volatility else None,
        kelly=rate(rules.kelly),
        kelly_trades=rules.kelly_trades,
    )


def manifest_of(rules: Rules, cash: int, symbols: Sequence[str], uid: UUID, state: TradingState) -> TradingStrategy:
    """Return the manifest that says these rules, in the words that a person would write."""

    def rate(units: int) -> str | None:
        return f"{Decimal(units).scaleb(-6):f}%" if units else None

    def given(fields: Mapping[str, object]) -> dict[str, object]:
        return {name: value for name, value in fields.items() if value}

    def amount(units: int) -> str | None:
        return str(to_decimal(units, MONEY_SCALE)) if units else None

    risk = {
        "maxPosition": rate(rules.max_position),
        "maxConcentration": rate(rules.max_concentration),
        "stopLoss": rate(rules.stop_loss),
        "takeProfit": rate(rules.take_profit),
        "maxDailyLoss": rate(rules.max_daily_loss),
        "trailingStop": rate(rules.trailing_stop),
        "maxOrderNotional": amount(rules.max_order_notional),
        "ordersPerMinute": rules.orders_per_minute,
        "coolDown": f"{rules.cool_down // 1_000_000}s" if rules.cool_down else None,
        "allowShort": bool(rules.allow_short),
    }
    costs = {"fee": rate(rules.fee_rate) or "0%", "slippage": rate(rules.slippage) or "0%"}
    more_costs = {
        "maxParticipation": rate(rules.max_participation),
        "slippageTicks": rules.slippage_points // TICK,
        "feePerUnit": amount(rules.fee_per_unit),
        "feePerOrder": amount(rules.fee_per_order),
        "minFee": amount(rules.min_fee),
    }
    if rules.allow_short:
        costs["borrowRate"] = rate(rules.borrow_rate) or "0%"
    orders = {"orderType": ORDER_TYPES[rules.order_type], "timeInForce": TIMES_IN_FORCE[rules.time_in_force]}
    if rules.order_type in (codes.LIMIT_ORDER, codes.STOP_LIMIT):
        orders["limitOffset"] = rate(rules.limit_offset) or "0%"
    if rules.order_type in (codes.STOP_ORDER, codes.STOP_LIMIT):
        orders["stopOffset"] = rate(rules.stop_offset) or "0%"
    spec = {
        "symbols": list(symbols),
        "feed": {"source": "Replay", "interval": "1d", "replay": REPLAY},
        "signal": {"model": "SMACross"},
        "instrument": {"lot": f"{to_decimal(rules.lot, QUANTITY_SCALE):f}"},
        "sizing": sizing_of(rules, rate, amount),
        "risk": given(risk),
        "execution": {
            "maxSignalAge": f"{rules.max_signal_age // 1_000_000}s",
            "reverse": bool(rules.reverse),
            **orders,
        },
        "account": {"initialCash": str(to_decimal(cash, MONEY_SCALE))},
        "broker": {"type": "Paper", **costs, **given(more_costs)},
        "tradingState": state.name.capitalize(),
    }
    metadata = {"name": f"parity-{uid}", "uid": str(uid)}
    document = {"apiVersion": API_VERSION, "kind": "TradingStrategy", "metadata": metadata, "spec": spec}
    return TradingStrategy.model_validate(document)


def happening_of(row: Sequence[int], symbols: Sequence[str]) -> Happening:
    """Return an event row of the rule book in the oracle's words."""
    event = to_order_event(row, symbols, lambda *_: UUID(int=0))
    scale = {
        Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION: QUANTITY_SCALE,
        Reason.SIGNAL_TOO_OLD: 1_000_000,
        Reason.COOLDOWN_ACTIVE: 1_000_000,
        Reason.RATE_LIMIT_EXCEEDED: 1,
    }.get(event.reason or Reason.TRADING_HALTED, MONEY_SCALE)
    return Happening(
        time=event.time,
        kind=event.kind.value,
        symbol=event.symbol,
        origin=event.origin.value,
        decided=event.decided,
        side=event.side.name,
        quantity=to_decimal(event.quantity, QUANTITY_SCALE),
        price=to_decimal(event.price, MONEY_SCALE),
        fee=to_decimal(event.fee, MONEY_SCALE),
        realized=to_decimal(event.realized_pnl_gross, MONEY_SCALE),
        code=None if event.reason is None else event.reason.value,
        value=to_decimal(event.value, scale),
        limit=to_decimal(event.limit, scale),
    )


def _price(units: int) -> Decimal | None:
    return to_decimal(units, PRICE_SCALE) if units else None


def _off_or(*percents: float, off: int = 2) -> st.SearchStrategy[int]:
    """One of these percents, or one unit beside it, or off, so many times as often."""
    some = [round(percent * PERCENT) for percent in percents]
    some += [min(RATE_SCALE, rate + 1) for rate in some]
    return st.sampled_from([0] * off * len(some) + some)


states = st.sampled_from([TradingState.ACTIVE] * 6 + [TradingState.REDUCING, TradingState.HALTED])
cash_amounts = st.sampled_from([100_000, 1_000, 50, 2_500_000, 10**9]).map(lambda amount: amount * MONEY_SCALE)
first_prices = st.sampled_from([1_000_000, 999_999, 77_777, 12_345, 333, 3])
volumes = st.sampled_from([10_000, 10_000, 0, 1, 7, 20, 40, 95, 300]).map(lambda shares: shares * QUANTITY_SCALE)
steps = st.sampled_from([0, 0, 20, -20, 150, -150, 600, -600, 1_500, -1_500, -5_000, 10_000])
wicks = st.sampled_from([0, 0, 10, 100, 500, 1_500, 4_000])
sides = st.sampled_from([Side.BUY, Side.BUY, Side.HOLD, Side.SELL])
pauses = st.sampled_from([DAY, DAY, SECOND, 30 * SECOND, HOUR, 3 * HOUR, 9 * DAY])
split_ratios = st.sampled_from([(2, 1), (1, 2), (3, 2), (10, 1), (1, 10), (1, 2_147_483_647), (7, 3)])
dividends = st.sampled_from([1, 50, 500, 2_000])
"""Basis points of the last price."""
ticks = st.builds(Tick, steps, steps, wicks, wicks, volumes, sides)
brackets = st.sampled_from([None, None, -1_000, -300, -50, 200])
wishes = st.builds(
    Wish,
    st.sampled_from([Side.BUY, Side.BUY, Side.SELL]),
    st.sampled_from([10, 30, 1, 60, 100, 120]),
    brackets,
    brackets.map(lambda basis_points: basis_points and -basis_points),
    st.sampled_from([True, True, True, False]),
)


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[Rules, int]:
    """A strategy's rules, and the cash it starts with."""
    order_type = draw(st.sampled_from([codes.MARKET] * 3 + [codes.LIMIT_ORDER, codes.STOP_ORDER, codes.STOP_LIMIT]))
    stops = order_type in (codes.STOP_ORDER, codes.STOP_LIMIT)
    cash, percent = draw(cash_amounts), draw(st.sampled_from([20, 10, 40, 95, 100]))
    short = draw(st.booleans())
    around = [min(100, percent * part) for part in (0.5, 1, 1.5, 3)]
    way = draw(WAYS)
    rules = Rules(
        fraction=percent * PERCENT,
        max_position=draw(_off_or(*around)),
        max_concentration=draw(_off_or(*around)),
        stop_loss=draw(_off_or(1, 5, 10, off=1)),
        take_profit=draw(_off_or(2, 5, 10, off=1)),
        max_daily_loss=draw(_off_or(0.1, 1, 5, off=1)),
        fee_rate=draw(_off_or(0.05, 1, 9.9)),
        slippage=draw(_off_or(0.02, 1, 9.9)),
        lot=draw(st.sampled_from(LOTS)),
        max_signal_age=draw(st.sampled_from([7 * 24, 7 * 24, 24, 1, 0])) * 3_600_000_000,
        max_order_notional=cash * draw(_off_or(*around)) // RATE_SCALE,
        orders_per_minute=draw(st.sampled_from([0, 0, 0, 1, 2, 3])),
        max_participation=draw(st.sampled_from([0, 10, 50, 100])) * PERCENT,
        slippage_points=draw(st.sampled_from([0, 0, 1, 5])) * TICK,
        fee_per_unit=draw(st.sampled_from([0, 0, 1, 35])),
        fee_per_order=draw(st.sampled_from([0, 0, 1, 10_000])),
        min_fee=draw(st.sampled_from([0, 0, 1, 10_000, 50_000])),
        trailing_stop=draw(_off_or(1, 5, 10)),
        cool_down=draw(st.sampled_from([0, 0, 30, 3_600, 2 * 86_400])) * 1_000_000,
        notional=cash * draw(_off_or(*around)) // RATE_SCALE if way == "notional" else 0,
        order_type=order_type,
        time_in_force=draw(st.sampled_from([codes.GTC, codes.GTC, codes.DAY, codes.GTC if stops else codes.IOC])),
        limit_offset=0 if order_type in (codes.MARKET, codes.STOP_ORDER) else draw(_off_or(0.1, 1.5, 6)),
        stop_offset=draw(_off_or(0.1, 1.5, 6)) if stops else 0,
        tick=TICK,
        allow_short=int(short),
        borrow_rate=draw(_off_or(3, 9.9, off=1)) if short else 0,
        reverse=draw(st.sampled_from([0, 1])) if short else 0,
        **draw(sized_by(way)),
    )
    return rules, cash


def priced_for(cash: int, price: int) -> int:
    """Return a first price that the account's cash can't buy more of than can be counted."""
    return price if cash < 10**10 else max(price, 12_345)


def month(since: datetime, last: dict[str, int], moves: Sequence[int]) -> list[Moment]:
    """Days that make a volatility known: the closes move by these steps in turn; `last` goes along."""
    made = []
    for n in range(WARM_UP + 1):
        bars = {}
        for symbol, price in last.items():
            tick = Tick(move=moves[n % len(moves)])
            bars[symbol] = *tick.prices(price), tick.volume
            last[symbol] = bars[symbol][3]
        made.append(Moment(since + (n + 1) * DAY, bars=bars, sides=dict.fromkeys(last, Side.HOLD)))
    return made


@st.composite
def markets(draw: st.DrawFn, symbols: Sequence[str], most: int) -> tuple[Rules, int, list[Moment]]:
    """A strategy and up to `most` moments; absent symbols, orders, cancels and corporate actions among them."""
    rules, cash = draw(rule_sets())
    last = {symbol: priced_for(cash, draw(first_prices)) for symbol in symbols}
    time = START
    made = []
    if rules.target_volatility and draw(st.booleans()):
        made = month(START, last, draw(st.tuples(steps, steps)))
        time = made[-1].time
    for _ in range(draw(st.integers(2, most))):
        time += draw(pauses)
        orders: dict[str, tuple[Side, int, int, int]] = {}
        for symbol in draw(st.sets(st.sampled_from(symbols), max_size=1)):
            orders[symbol] = draw(wishes).order(last[symbol], cash, draw(st.sampled_from([0, 10**9, cash])))
        splits, paid = {}, {}
        if draw(st.integers(0, 5)) == 5:
            symbol = draw(st.sampled_from(symbols))
            splits[symbol] = draw(split_ratios)
            last[symbol] = after_split(last[symbol], splits[symbol])
        if draw(st.integers(0, 5)) == 5:
            symbol = draw(st.sampled_from(symbols))
            paid[symbol] = dividend_of_price(last[symbol], draw(dividends))
        bars, signals = {}, {}
        for symbol in symbols:
            if draw(st.integers(0, 7)) == 7:
                continue
            tick = draw(ticks)
            bars[symbol] = *tick.prices(last[symbol]), tick.volume
            signals[symbol] = tick.side
            last[symbol] = bars[symbol][3]
        cancels = draw(st.sets(st.sampled_from(symbols), max_size=1)) if draw(st.integers(0, 4)) == 4 else set()
        made.append(Moment(time, draw(states), bars, signals, orders, frozenset(cancels), splits, paid))
    return rules, cash, made
