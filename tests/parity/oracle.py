"""An independent oracle of the trading contract, written from docs/backtesting.md alone: slow and obvious."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext

from tests.parity.oracle_book import (
    EXITS,
    LEAST_PRICE,
    NO_BRACKET,
    NOTHING,
    ZERO,
    Order,
    Position,
    Why,
    minute_of,
    money,
    seconds,
    session_of,
    units,
)
from tests.parity.oracle_sizing import Closes, Sizing
from tests.parity.terms import Action, Bracket, Day, Happening, Quote, Terms, Wishes


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
        """What shorts owe, cancels, corporate actions, opens, exits, marks, decisions."""
        if self.now is None or session_of(self.now) != session_of(day.time):
            self.reference, self.halt = self.equity, None
            self.borrow(0 if self.now is None else (session_of(day.time) - session_of(self.now)).days)
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
            self.follow(position, day.quotes[symbol])
        for order in sorted(self.working.values(), key=lambda each: (each.side != "SELL", each.symbol)):
            if order.symbol in day.quotes:
                self.touch(order, day.quotes[order.symbol])
        self.mark(day.quotes)
        for symbol in sorted(day.quotes):
            self.decide(symbol, day.quotes[symbol], day.wishes.get(symbol, Wishes()), day.state)

    def borrow(self, days: int) -> None:
        """Charge what shorts cost since the session before."""
        if self.margin() == ZERO:
            return
        for symbol, position in self.positions.items():
            if position.short:
                owed = money(-self.worth(symbol) * self.terms.borrow_rate * days / 365)
                self.cash -= owed
                self.fees += owed

    def follow(self, position: Position, quote: Quote) -> None:
        """Let a bar's best price be a new peak."""
        if position.peak is not None:
            position.peak = position.better(quote.low if position.short else quote.high)

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
        """Fill an order whose stop or limit lies inside the bar; then only the stop of what was opened may act."""
        if self.working.get(order.symbol) is not order:
            return
        position, buys = self.positions[order.symbol], order.side == "BUY"
        held = position.quantity if buys else -position.quantity
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
        if (position.quantity if buys else -position.quantity) > max(ZERO, held):
            self.exit(order.symbol, quote, entered=True)
            self.follow(position, quote)

    def trigger(self, order: Order, price: Decimal) -> None:
        """Note that an order's stop is reached."""
        order.stop = None
        self.tell("TRIGGERED", order, order.left, price)

    def take(self, order: Order, quote: Quote, price: Decimal) -> None:
        """Fill what the bar's volume allows at this price; what opens and can't be funded is canceled."""
        part = self.fillable(order.left, quote)
        if part == 0:
            return
        need, released = self.funding(order, part, price)
        free = self.free() + order.reserved + released
        opening = self.positions[order.symbol].opening(order.side, part)
        if opening == 0 or need <= free:
            self.fill(order, part, price)
            return
        closing = part - opening
        if closing > 0:
            self.fill(order, closing, price)
        self.end(order, "CANCELED", ("NOTIONAL_EXCEEDS_FREE_BALANCE", need, free), price)

    def funding(self, order: Order, part: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
        """What a part of an order takes of the free cash, and what closing sets free for it."""
        position, notional = self.positions[order.symbol], money(price * part)
        opening = position.opening(order.side, part)
        if opening == 0:
            return ZERO, ZERO
        closed = money(notional * (part - opening) / part)
        need = notional - closed + self.fee(order, part, notional)
        if opening == part:
            return need, ZERO
        return need, closed if order.side == "SELL" else position.margin - closed

    def exit(self, symbol: str, quote: Quote, entered: bool = False) -> None:
        """Close a position whose bar reached its stop or its target; the stop comes first.

        What was `entered` inside the bar was not there at the open, and has no target yet.
        """
        position, at_work, terms = self.positions[symbol], self.working.get(symbol), self.terms
        if position.quantity == 0 or (at_work is not None and at_work.origin in EXITS):
            return
        average = money(position.cost / position.quantity)
        sign = -1 if position.short else 1
        stop, target = position.bracket.stop, position.bracket.target
        if stop is None and terms.stop_loss is not None:
            stop = average - sign * money(average * terms.stop_loss)
        if target is None and terms.take_profit is not None:
            target = max(ZERO, average + sign * money(average * terms.take_profit))
        by = "STOP_LOSS"
        if position.peak is not None and terms.trailing_stop is not None:
            trail = position.peak - sign * money(position.peak * terms.trailing_stop)
            if not stop or sign * trail > sign * stop:
                by, stop = "TRAILING_STOP", trail
        worst, best = (quote.high, quote.low) if position.short else (quote.low, quote.high)
        if entered:
            if not stop or sign * worst > sign * stop:
                return
            origin, level = by, stop
        elif stop and sign * quote.open <= sign * stop:
            origin, level = by, quote.open
        elif target and sign * quote.open >= sign * target:
            origin, level = "TAKE_PROFIT", quote.open
        elif stop and sign * worst <= sign * stop:
            origin, level = by, stop
        elif target and sign * best >= sign * target:
            origin, level = "TAKE_PROFIT", target
        else:
            return
        assert self.now is not None
        if at_work is not None:
            self.end(at_work, "CANCELED", ("POSITION_EXITED", ZERO, ZERO))
        if origin != "TAKE_PROFIT":
            position.stopped = self.now
        side = "BUY" if position.short else "SELL"
        order = Order(symbol, origin, self.now, side, abs(position.quantity))
        self.working[symbol] = order
        self.tell("ACCEPTED", order, order.left, level)
        part = self.fillable(order.left, quote)
        if part > 0:
            self.fill(order, part, level if origin == "TAKE_PROFIT" else self.slipped(side, level))

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
        if quote.signal == "HOLD":
            return
        limit, stop = self.prices(quote.signal, quote.close)
        price = limit or stop or quote.close
        quantity = self.wanted(symbol, quote.signal, price)
        if quantity > 0:
            self.submit(Order(symbol, "SIGNAL", self.now, quote.signal, quantity, limit=limit, stop=stop), price, state)

    def wanted(self, symbol: str, side: str, price: Decimal) -> Decimal:
        """What a signal orders."""
        position, terms = self.positions[symbol], self.terms
        there = position.quantity if side == "BUY" else -position.quantity
        if there > 0:
            return ZERO
        if there < 0 and not terms.reverse:
            return -there
        if side == "SELL" and not terms.allow_short:
            return position.quantity
        affordable = units(money(self.sizing.budget(terms, symbol, self.equity)) / price)
        return abs(position.quantity) + affordable // terms.lot * terms.lot

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
        """Check an order; put it to work or deny it. A signal that may not open closes all the same."""
        why = self.objection(order, close, state)
        closing = order.left - self.positions[order.symbol].opening(order.side, order.left)
        if why is not None and order.origin == "SIGNAL" and 0 < closing < order.left:
            order.left = closing
            why = self.objection(order, close, state)
        if why is not None:
            if why[0] == "RATE_LIMIT_EXCEEDED":
                self.halt = "RATE_LIMIT_EXCEEDED"
            self.tell("DENIED", order, order.left, close, why=why)
            return
        need, released = self.need(order, close)
        order.reserved = max(ZERO, need - released)
        self.orders_of_minute += 1
        self.working[order.symbol] = order
        self.tell("ACCEPTED", order, order.left, close)

    def objection(self, order: Order, close: Decimal, state: str) -> Why | None:
        """The first check that an order fails: its code and its two numbers."""
        position, terms = self.positions[order.symbol], self.terms
        opening = position.opening(order.side, order.left)
        if state == "HALTED" and order.origin == "SIGNAL":
            return "TRADING_HALTED", ZERO, ZERO
        if opening == 0:
            return None
        if order.side == "SELL" and not terms.allow_short:
            return "REDUCE_ONLY_WOULD_INCREASE_POSITION", order.left, order.left - opening
        if state == "HALTED":
            return "TRADING_HALTED", ZERO, ZERO
        if state == "REDUCING":
            return "REDUCE_ONLY_WOULD_INCREASE_POSITION", order.left, order.left - opening
        if self.halt == "DAILY_LOSS_LIMIT_REACHED":
            assert terms.max_daily_loss is not None
            return self.halt, self.reference - self.equity, money(self.reference * terms.max_daily_loss)
        rate = terms.orders_per_minute
        if rate is not None and (self.halt == "RATE_LIMIT_EXCEEDED" or self.orders_of_minute >= rate):
            return "RATE_LIMIT_EXCEEDED", Decimal(self.orders_of_minute + 1), Decimal(rate)
        if position.stopped is not None and self.now is not None and self.now - position.stopped < terms.cool_down:
            return "COOLDOWN_ACTIVE", seconds(self.now - position.stopped), seconds(terms.cool_down)
        notional = money(close * opening)
        adds = opening == order.left  # else it turns a position round
        if terms.max_order_notional is not None and notional > terms.max_order_notional:
            return "NOTIONAL_EXCEEDS_MAX_PER_ORDER", notional, terms.max_order_notional
        if terms.max_position is not None:
            value, limit = (abs(position.cost) if adds else ZERO) + notional, money(self.equity * terms.max_position)
            if value > limit:
                return "POSITION_EXCEEDS_MAXIMUM", value, limit
        if terms.max_concentration is not None:
            worth = abs(self.worth(order.symbol)) if adds else ZERO
            value, limit = worth + notional, money(self.equity * terms.max_concentration)
            if value > limit:
                return "CONCENTRATION_EXCEEDS_MAXIMUM", value, limit
        need, released = self.need(order, close)
        if need > self.free() + released:
            return "NOTIONAL_EXCEEDS_FREE_BALANCE", need, self.free() + released
        return None

    def fill(self, order: Order, part: Decimal, price: Decimal) -> None:
        """Move cash, cost and quantity, and keep the rest at work."""
        position = self.positions[order.symbol]
        notional = money(price * part)
        charged = fee = self.fee(order, part, notional)
        order.filled += part
        order.notional += notional
        sign = 1 if order.side == "BUY" else -1
        closing = part - position.opening(order.side, part)
        closed = money(notional * closing / part)
        taken = money(position.cost * closing / abs(position.quantity)) if closing else ZERO
        realized = -sign * closed - taken
        was_short = position.short
        position.quantity += sign * part
        position.cost += sign * (notional - closed) - taken
        self.cash -= sign * notional + fee
        if position.quantity == 0 or (closing and position.short != was_short):
            position.bracket, position.peak = NO_BRACKET, None
        if sign * position.quantity > 0:
            if order.bracket != NO_BRACKET:
                position.bracket = order.bracket
            if self.terms.trailing_stop is not None:
                position.peak = position.better(price)
        self.realized += realized
        self.fees += fee
        if 0 < closing < part:  # one trade ends, and another begins
            closing_fee = money(fee * closing / part)
            self.sizing.bring(order.symbol, -sign * closed - closing_fee, ZERO)
            notional, fee = notional - closed, fee - closing_fee
        self.sizing.bring(order.symbol, -sign * notional - fee, position.quantity)
        before, reserved = order.left, order.reserved
        order.left -= part
        order.reserved = ZERO
        if order.left == 0:
            del self.working[order.symbol]
        else:
            order.reserved = max(ZERO, min(money(reserved * order.left / before), self.free()))
        kind = "PARTIALLY_FILLED" if order.left else "FILLED"
        self.tell(kind, order, part, price, charged, realized)

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

    def need(self, order: Order, close: Decimal) -> tuple[Decimal, Decimal]:
        """What an order takes at its price, slipped unless that is a limit, and what closing sets free."""
        return self.funding(order, order.left, self.slipped(order.side, close) if order.limit is None else close)

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
        """Cash that no working order has reserved and no short holds."""
        return self.cash - sum((order.reserved for order in self.working.values()), ZERO) - self.margin()

    def margin(self) -> Decimal:
        """What shorts hold of the cash."""
        return sum((position.margin for position in self.positions.values()), ZERO)

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
