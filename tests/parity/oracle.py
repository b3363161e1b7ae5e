"""An independent oracle of the trading contract, written from docs/backtesting.md alone: slow and obvious."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from tests.parity.oracle_sizing import Closes, Sizing
from tests.parity.terms import Action, Bracket, Day, Happening, Quote, Terms, Wishes

ZERO = Decimal(0)
LEAST_PRICE = Decimal("0.0001")
MICROSECOND = timedelta(microseconds=1)
EXITS = ("STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP")
Why = tuple[str | None, Decimal, Decimal]
NOTHING: Why = (None, ZERO, ZERO)
NO_BRACKET = Bracket()


@dataclass
class Order:
    """An order at work: what is left of it, and what a purchase has reserved."""

    symbol: str
    origin: str
    decided: datetime
    side: str
    left: Decimal
    reserved: Decimal = ZERO
    bracket: Bracket = NO_BRACKET
    filled: Decimal = ZERO
    notional: Decimal = ZERO  # of its fills
    limit: Decimal | None = None
    stop: Decimal | None = None  # waited for; None once it was reached
    session: date | None = None  # of the first instant after its decision


@dataclass
class Position:
    """What is held of a symbol, what was paid for it without fees, its last close and its own exits."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    mark: Decimal | None = None
    bracket: Bracket = NO_BRACKET
    peak: Decimal | None = None  # the highest price since it was opened
    stopped: datetime | None = None  # when a stop was last reached


def money(amount: Decimal) -> Decimal:
    """Round to 4 places, half away from zero."""
    return amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def units(amount: Decimal) -> Decimal:
    """Round to 8 places, half away from zero."""
    return amount.quantize(Decimal("0.00000001"), rounding=ROUND_HALF_UP)


def seconds(age: timedelta) -> Decimal:
    """A duration in seconds, exactly."""
    return Decimal(age // MICROSECOND) / 1_000_000


def session_of(time: datetime) -> date:
    """The day that an instant belongs to: at midnight, the day before."""
    return (time - MICROSECOND).date()


class Oracle:
    """One account, instant by instant."""

    def __init__(self, terms: Terms, initial_cash: Decimal) -> None:
        self.terms = terms
        self.initial = self.cash = self.equity = self.reference = money(initial_cash)
        self.realized = self.fees = ZERO
        self.positions: dict[str, Position] = {}
        self.sizing = Sizing()
        self.working: dict[str, Order] = {}  # at most one by symbol
        self.happenings: list[Happening] = []
        self.now: datetime | None = None
        self.halt: str | None = None  # why purchases are halted until the next session
        self.orders_of_minute = 0

    def instant(self, day: Day) -> None:
        """Live through one instant, with more digits than any sum needs."""
        with localcontext(Context(prec=60)):
            self.steps(day)

    def steps(self, day: Day) -> None:
        """Cancels, corporate actions, opens, exits, marks, decisions."""
        if self.now is None or session_of(self.now) != session_of(day.time):
            self.reference, self.halt = self.equity, None
        if self.now is None or minute_of(self.now) != minute_of(day.time):
            self.orders_of_minute = 0
        self.now = day.time
        for symbol in [*day.quotes, *day.actions]:
            self.positions.setdefault(symbol, Position())
        for symbol in sorted(day.wishes):
            if day.wishes[symbol].cancel and symbol in self.working:
                self.end(self.working[symbol], "CANCELED", ("CANCELED_BY_REQUEST", ZERO, ZERO))
        for symbol in sorted(day.actions):
            self.act(symbol, day.actions[symbol])
        for order in sorted(self.working.values(), key=lambda each: (each.side != "SELL", each.symbol)):
            self.open(order, day.quotes.get(order.symbol))
        for symbol in sorted(day.quotes):
            self.exit(symbol, day.quotes[symbol])
            position = self.positions[symbol]
            if position.peak is not None:
                position.peak = max(position.peak, day.quotes[symbol].high)
        for order in sorted(self.working.values(), key=lambda each: (each.side != "SELL", each.symbol)):
            if order.symbol in day.quotes:
                self.touch(order, day.quotes[order.symbol])
        self.mark(day.quotes)
        for symbol in sorted(day.quotes):
            self.decide(symbol, day.quotes[symbol], day.wishes.get(symbol, Wishes()), day.state)

    def act(self, symbol: str, action: Action) -> None:
        """A split, then a dividend."""
        position = self.positions[symbol]
        if action.split is not None:
            new, old = action.split
            if symbol in self.working:
                self.end(self.working[symbol], "CANCELED", ("CORPORATE_ACTION", ZERO, ZERO))
            position.quantity = units(position.quantity * new / old)
            position.mark, stop, target, position.peak = (
                None if price is None else max(LEAST_PRICE, money(price * old / new))
                for price in (position.mark, position.bracket.stop, position.bracket.target, position.peak)
            )
            position.bracket = Bracket(stop, target)
            closes = self.sizing.closes.setdefault(symbol, Closes())
            if closes.last is not None:
                closes.last = max(LEAST_PRICE, money(closes.last * old / new))
            if position.quantity == 0:
                if symbol in self.sizing.open:
                    self.sizing.bring(symbol, ZERO, ZERO)
                self.realized -= position.cost
                position.cost, position.bracket, position.peak = ZERO, NO_BRACKET, None
        earned = money(position.quantity * action.dividend)
        self.cash += earned
        self.realized += earned
        if position.quantity:
            self.sizing.bring(symbol, earned, position.quantity)

    def open(self, order: Order, quote: Quote | None) -> None:
        """Expire, wait, cancel or fill one order of an earlier instant."""
        assert self.now is not None
        by_signal, terms = order.origin == "SIGNAL", self.terms
        session = session_of(self.now)
        order.session = order.session or session
        if by_signal and terms.time_in_force == "DAY" and session != order.session:
            self.end(order, "EXPIRED", ("TIME_IN_FORCE", ZERO, ZERO))
            return
        age = self.now - order.decided
        if age > terms.max_signal_age and (order.origin == "COMMAND" or (by_signal and terms.order_type == "Market")):
            self.end(order, "EXPIRED", ("SIGNAL_TOO_OLD", seconds(age), seconds(terms.max_signal_age)))
            return
        if quote is None:
            return
        self.open_at(order, quote)
        if by_signal and terms.time_in_force == "IOC" and self.working.get(order.symbol) is order:
            self.end(order, "CANCELED", ("TIME_IN_FORCE", ZERO, ZERO))

    def open_at(self, order: Order, quote: Quote) -> None:
        """Fill an order at the open, if its stop and its limit allow that."""
        buys, price = order.side == "BUY", self.slipped(order.side, quote.open)
        if order.stop is not None:
            if quote.open < order.stop if buys else quote.open > order.stop:
                return
            self.trigger(order, quote.open)
        if order.limit is not None:
            if quote.open > order.limit if buys else quote.open < order.limit:
                return
            price = min(price, order.limit) if buys else max(price, order.limit)
        self.take(order, quote, price)

    def touch(self, order: Order, quote: Quote) -> None:
        """Fill an order whose stop or limit lies inside the bar; then only the stop of what was bought may act."""
        if self.working.get(order.symbol) is not order:
            return
        position, buys = self.positions[order.symbol], order.side == "BUY"
        held = position.quantity
        if order.stop is not None:
            if quote.high < order.stop if buys else quote.low > order.stop:
                return
            stop = order.stop
            self.trigger(order, stop)
            if order.limit is None:
                self.take(order, quote, self.slipped(order.side, stop))
        elif order.limit is not None:
            opened_worse = quote.open > order.limit if buys else quote.open < order.limit
            if opened_worse and (quote.low <= order.limit if buys else quote.high >= order.limit):
                self.take(order, quote, order.limit)
        if position.quantity > held:
            self.exit(order.symbol, quote, entered=True)
            if position.peak is not None:
                position.peak = max(position.peak, quote.high)

    def trigger(self, order: Order, price: Decimal) -> None:
        """Note that an order's stop is reached."""
        order.stop = None
        self.tell("TRIGGERED", order, order.left, price)

    def take(self, order: Order, quote: Quote, price: Decimal) -> None:
        """Fill what the bar's volume allows at this price, or cancel a purchase that can't be paid."""
        part = self.fillable(order.left, quote)
        if part == 0:
            return
        notional = money(price * part)
        need, free = notional + self.fee(order, part, notional), self.free() + order.reserved
        if order.side == "BUY" and need > free:
            self.end(order, "CANCELED", ("NOTIONAL_EXCEEDS_FREE_BALANCE", need, free), price)
        else:
            self.fill(order, part, price)

    def exit(self, symbol: str, quote: Quote, entered: bool = False) -> None:
        """Sell a position whose bar reached its stop or its target; the stop comes first.

        What was `entered` inside the bar was not there at the open, and has no target yet.
        """
        position, at_work, terms = self.positions[symbol], self.working.get(symbol), self.terms
        if position.quantity == 0 or (at_work is not None and at_work.origin in EXITS):
            return
        average = money(position.cost / position.quantity)
        stop, target = position.bracket.stop, position.bracket.target
        if stop is None and terms.stop_loss is not None:
            stop = average - money(average * terms.stop_loss)
        if target is None and terms.take_profit is not None:
            target = average + money(average * terms.take_profit)
        by = "STOP_LOSS"
        if position.peak is not None and terms.trailing_stop is not None:
            trail = position.peak - money(position.peak * terms.trailing_stop)
            if trail > (stop or ZERO):
                by, stop = "TRAILING_STOP", trail
        if entered:
            if not stop or quote.low > stop:
                return
            origin, level = by, stop
        elif stop and quote.open <= stop:
            origin, level = by, quote.open
        elif target and quote.open >= target:
            origin, level = "TAKE_PROFIT", quote.open
        elif stop and quote.low <= stop:
            origin, level = by, stop
        elif target and quote.high >= target:
            origin, level = "TAKE_PROFIT", target
        else:
            return
        assert self.now is not None
        if at_work is not None:
            self.end(at_work, "CANCELED", ("POSITION_EXITED", ZERO, ZERO))
        if origin != "TAKE_PROFIT":
            position.stopped = self.now
        order = Order(symbol, origin, self.now, "SELL", position.quantity)
        self.working[symbol] = order
        self.tell("ACCEPTED", order, order.left, level)
        part = self.fillable(order.left, quote)
        if part > 0:
            self.fill(order, part, level if origin == "TAKE_PROFIT" else self.slipped("SELL", level))

    def mark(self, quotes: Mapping[str, Quote]) -> None:
        """Value everything at its last close, prove the books, look at the day's loss."""
        for symbol, quote in quotes.items():
            self.positions[symbol].mark = quote.close
            self.sizing.closes.setdefault(symbol, Closes()).add(quote.close)
        value = sum((self.worth(symbol) for symbol in self.positions), ZERO)
        cost = sum((position.cost for position in self.positions.values()), ZERO)
        self.equity = self.cash + value
        if self.equity != self.initial + self.realized + (value - cost) - self.fees:
            raise ArithmeticError(f"the books do not balance at {self.now}")
        rate = self.terms.max_daily_loss
        if rate is not None and self.reference - self.equity >= money(self.reference * rate):
            self.halt = "DAILY_LOSS_LIMIT_REACHED"

    def decide(self, symbol: str, quote: Quote, wishes: Wishes, state: str) -> None:
        """A person's order, then the signal's."""
        assert self.now is not None
        if wishes.order is not None and symbol not in self.working:
            side, quantity = wishes.order
            order = Order(symbol, "COMMAND", self.now, side, quantity, bracket=wishes.bracket)
            self.submit(order, quote.close, state)
        if symbol in self.working:
            return
        held = self.positions[symbol].quantity
        if quote.signal == "BUY" and held == 0:
            limit, stop = self.prices("BUY", quote.close)
            price = limit or stop or quote.close
            affordable = units(money(self.sizing.budget(self.terms, symbol, self.equity)) / price)
            quantity = affordable // self.terms.lot * self.terms.lot
            if quantity > 0:
                self.submit(Order(symbol, "SIGNAL", self.now, "BUY", quantity, limit=limit, stop=stop), price, state)
        elif quote.signal == "SELL" and held > 0:
            limit, stop = self.prices("SELL", quote.close)
            price = limit or stop or quote.close
            self.submit(Order(symbol, "SIGNAL", self.now, "SELL", held, limit=limit, stop=stop), price, state)

    def prices(self, side: str, close: Decimal) -> tuple[Decimal | None, Decimal | None]:
        """The limit and the stop of what a signal orders."""
        terms, up = self.terms, side == "BUY"
        if terms.order_type == "Limit":
            return self.moved(close, terms.limit_offset, not up), None
        if terms.order_type == "Market":
            return None, None
        stop = self.moved(close, terms.stop_offset, up)
        return (self.moved(stop, terms.limit_offset, up) if terms.order_type == "StopLimit" else None), stop

    def moved(self, price: Decimal, offset: Decimal, up: bool) -> Decimal:
        """A price moved by a rate, and on to the next tick."""
        tick, off = self.terms.tick, money(price * offset)
        ticks = ((price + off if up else price - off) / tick).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
        return max(tick, ticks * tick)

    def submit(self, order: Order, close: Decimal, state: str) -> None:
        """Check an order; put it to work or deny it."""
        why = self.sale_objection(order, state) if order.side == "SELL" else self.objection(order, close, state)
        if why is not None:
            if why[0] == "RATE_LIMIT_EXCEEDED":
                self.halt = "RATE_LIMIT_EXCEEDED"
            self.tell("DENIED", order, order.left, close, why=why)
            return
        if order.side == "BUY":
            order.reserved = self.need(order, close)
        self.orders_of_minute += 1
        self.working[order.symbol] = order
        self.tell("ACCEPTED", order, order.left, close)

    def sale_objection(self, order: Order, state: str) -> Why | None:
        """Why a sale is denied."""
        held = self.positions[order.symbol].quantity
        if state == "HALTED" and order.origin == "SIGNAL":
            return "TRADING_HALTED", ZERO, ZERO
        if order.left > held:
            return "REDUCE_ONLY_WOULD_INCREASE_POSITION", order.left, held
        return None

    def objection(self, order: Order, close: Decimal, state: str) -> Why | None:
        """The first check that a purchase fails: its code and its two numbers."""
        position, terms = self.positions[order.symbol], self.terms
        if state == "HALTED":
            return "TRADING_HALTED", ZERO, ZERO
        if state == "REDUCING":
            return "REDUCE_ONLY_WOULD_INCREASE_POSITION", order.left, ZERO
        if self.halt == "DAILY_LOSS_LIMIT_REACHED":
            assert terms.max_daily_loss is not None
            return self.halt, self.reference - self.equity, money(self.reference * terms.max_daily_loss)
        rate = terms.orders_per_minute
        if rate is not None and (self.halt == "RATE_LIMIT_EXCEEDED" or self.orders_of_minute >= rate):
            return "RATE_LIMIT_EXCEEDED", Decimal(self.orders_of_minute + 1), Decimal(rate)
        if position.stopped is not None and self.now is not None and self.now - position.stopped < terms.cool_down:
            return "COOLDOWN_ACTIVE", seconds(self.now - position.stopped), seconds(terms.cool_down)
        notional = money(close * order.left)
        if terms.max_order_notional is not None and notional > terms.max_order_notional:
            return "NOTIONAL_EXCEEDS_MAX_PER_ORDER", notional, terms.max_order_notional
        if terms.max_position is not None:
            value, limit = position.cost + notional, money(self.equity * terms.max_position)
            if value > limit:
                return "POSITION_EXCEEDS_MAXIMUM", value, limit
        if terms.max_concentration is not None:
            value, limit = self.worth(order.symbol) + notional, money(self.equity * terms.max_concentration)
            if value > limit:
                return "CONCENTRATION_EXCEEDS_MAXIMUM", value, limit
        need, free = self.need(order, close), self.free()
        if need > free:
            return "NOTIONAL_EXCEEDS_FREE_BALANCE", need, free
        return None

    def fill(self, order: Order, part: Decimal, price: Decimal) -> None:
        """Move cash, cost and quantity, and keep the rest at work."""
        position = self.positions[order.symbol]
        notional = money(price * part)
        fee = self.fee(order, part, notional)
        order.filled += part
        order.notional += notional
        realized = ZERO
        if order.side == "BUY":
            position.quantity += part
            position.cost += notional
            self.cash -= notional + fee
            if order.bracket != NO_BRACKET:
                position.bracket = order.bracket
            if self.terms.trailing_stop is not None:
                position.peak = max(position.peak or ZERO, price)
        else:
            taken = money(position.cost * part / position.quantity)
            realized = notional - taken
            position.quantity -= part
            position.cost -= taken
            self.cash += notional - fee
            if position.quantity == 0:
                position.bracket, position.peak = NO_BRACKET, None
        self.realized += realized
        self.fees += fee
        self.sizing.bring(order.symbol, (-notional if order.side == "BUY" else notional) - fee, position.quantity)
        before, reserved = order.left, order.reserved
        order.left -= part
        order.reserved = ZERO
        if order.left == 0:
            del self.working[order.symbol]
        else:
            order.reserved = max(ZERO, min(money(reserved * order.left / before), self.free()))
        kind = "PARTIALLY_FILLED" if order.left else "FILLED"
        self.tell(kind, order, part, price, fee, realized)

    def end(self, order: Order, kind: str, why: Why, price: Decimal = ZERO) -> None:
        """Take what is left of an order off the books."""
        del self.working[order.symbol]
        self.tell(kind, order, order.left, price, why=why)

    def fillable(self, left: Decimal, quote: Quote) -> Decimal:
        """How much one bar fills of what is left of an order."""
        share, lot = self.terms.max_participation, self.terms.lot
        return left if share is None else min(left, units(quote.volume * share) // lot * lot)

    def slipped(self, side: str, price: Decimal) -> Decimal:
        """The price made worse by the slippage."""
        slip = money(price * self.terms.slippage) + self.terms.slippage_points
        return max(LEAST_PRICE, price + slip if side == "BUY" else price - slip)

    def need(self, order: Order, close: Decimal) -> Decimal:
        """What a purchase takes at its price, slipped unless that is a limit: notional and fee."""
        notional = money((self.slipped("BUY", close) if order.limit is None else close) * order.left)
        return notional + self.fee(order, order.left, notional)

    def fee(self, order: Order, part: Decimal, notional: Decimal) -> Decimal:
        """What one more fill adds to the fee that an order owes."""
        return self.owed(order.filled + part, order.notional + notional) - self.owed(order.filled, order.notional)

    def owed(self, quantity: Decimal, notional: Decimal) -> Decimal:
        """The fee of an order that is filled so far."""
        terms = self.terms
        if quantity == 0:
            return ZERO
        owed = money(notional * terms.fee) + money(quantity * terms.fee_per_unit) + terms.fee_per_order
        return max(owed, terms.min_fee)

    def free(self) -> Decimal:
        """Cash that no working order has reserved."""
        return self.cash - sum((order.reserved for order in self.working.values()), ZERO)

    def worth(self, symbol: str) -> Decimal:
        """A position at its mark."""
        position = self.positions[symbol]
        return ZERO if position.mark is None else money(position.quantity * position.mark)

    def tell(
        self,
        kind: str,
        order: Order,
        quantity: Decimal,
        price: Decimal,
        fee: Decimal = ZERO,
        realized: Decimal = ZERO,
        why: Why = NOTHING,
    ) -> None:
        """Note what happened."""
        assert self.now is not None
        about = (order.symbol, order.origin, order.decided, order.side, quantity)
        self.happenings.append(Happening(self.now, kind, *about, price, fee, realized, *why))


def minute_of(time: datetime) -> datetime:
    """The minute of bar time that an instant is in."""
    return time.replace(second=0, microsecond=0)
