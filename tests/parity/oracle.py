"""An independent oracle of the trading contract, written from docs/backtesting.md alone: slow and obvious."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

ZERO = Decimal(0)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Terms:
    """What a strategy may do; rates are fractions, None is off."""

    fraction: Decimal
    max_position: Decimal | None
    max_concentration: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    max_daily_loss: Decimal | None
    fee: Decimal
    slippage: Decimal
    lot: Decimal
    max_signal_age: timedelta


@dataclass(frozen=True)
class Quote:
    """One symbol at one instant: its bar, its signal (BUY, SELL, HOLD) and a person's order (side, quantity)."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    signal: str
    command: tuple[str, Decimal] | None = None


@dataclass(frozen=True)
class Happening:
    """One thing that happened to an order: ACCEPTED, DENIED, FILLED, CANCELED or EXPIRED."""

    time: datetime
    kind: str
    symbol: str
    origin: str  # SIGNAL, COMMAND, STOP_LOSS or TAKE_PROFIT
    decided: datetime
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    realized: Decimal
    code: str | None
    value: Decimal
    limit: Decimal


@dataclass(frozen=True)
class Order:
    """An order at work; a purchase has cash reserved."""

    symbol: str
    origin: str
    decided: datetime
    side: str
    quantity: Decimal
    reserved: Decimal = ZERO


@dataclass
class Position:
    """What is held of a symbol, what was paid for it without fees, and its last close."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    mark: Decimal = ZERO


def money(amount: Decimal) -> Decimal:
    """Round to 4 places, half away from zero."""
    return amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def seconds(age: timedelta) -> Decimal:
    """A duration in seconds, exactly."""
    return Decimal(age // MICROSECOND) / 1_000_000


class Oracle:
    """One account, instant by instant."""

    def __init__(self, terms: Terms, initial_cash: Decimal) -> None:
        self.terms = terms
        self.initial = self.cash = self.equity = self.reference = money(initial_cash)
        self.realized = self.fees = ZERO
        self.positions: dict[str, Position] = {}
        self.working: dict[str, Order] = {}  # at most one by symbol
        self.happenings: list[Happening] = []
        self.now: datetime | None = None
        self.halted = False  # the session's loss limit was reached

    def instant(self, now: datetime, quotes: Mapping[str, Quote]) -> None:
        """Opens, exits, marks, decisions."""
        if self.now is None or (self.now - MICROSECOND).date() != (now - MICROSECOND).date():
            self.reference, self.halted = self.equity, False
        self.now = now
        for symbol in quotes:
            self.positions.setdefault(symbol, Position())
        for order in sorted(self.working.values(), key=lambda each: (each.side != "SELL", each.symbol)):
            self.open(now, order, quotes.get(order.symbol))
        for symbol in sorted(quotes):
            self.exit(now, symbol, quotes[symbol])
        self.mark(quotes)
        for symbol in sorted(quotes):
            self.decide(now, symbol, quotes[symbol])

    def open(self, now: datetime, order: Order, quote: Quote | None) -> None:
        """Expire, wait, cancel or fill one order of an earlier instant."""
        age, limit = now - order.decided, self.terms.max_signal_age
        if age > limit:
            del self.working[order.symbol]
            self.tell(now, "EXPIRED", order, ZERO, why=("SIGNAL_TOO_OLD", seconds(age), seconds(limit)))
        elif quote is not None:
            del self.working[order.symbol]  # what is reserved from here on is what the others have reserved
            price = self.slipped(order.side, quote.open)
            need, free = self.need(price, order.quantity), self.free()
            if order.side == "BUY" and need > free:
                self.tell(now, "CANCELED", order, price, why=("NOTIONAL_EXCEEDS_FREE_BALANCE", need, free))
            else:
                self.fill(now, order, price)

    def exit(self, now: datetime, symbol: str, quote: Quote) -> None:
        """Sell a position whose bar reached its stop or its target; the stop comes first."""
        position = self.positions[symbol]
        if position.quantity == 0:
            return
        average, terms = money(position.cost / position.quantity), self.terms
        stop = None if terms.stop_loss is None else average - money(average * terms.stop_loss)
        target = None if terms.take_profit is None else average + money(average * terms.take_profit)
        if stop is not None and quote.open <= stop:
            origin, level = "STOP_LOSS", quote.open
        elif target is not None and quote.open >= target:
            origin, level = "TAKE_PROFIT", quote.open
        elif stop is not None and quote.low <= stop:
            origin, level = "STOP_LOSS", stop
        elif target is not None and quote.high >= target:
            origin, level = "TAKE_PROFIT", target
        else:
            return
        order = Order(symbol, origin, now, "SELL", position.quantity)
        self.tell(now, "ACCEPTED", order, level)
        self.fill(now, order, self.slipped("SELL", level) if origin == "STOP_LOSS" else level)

    def mark(self, quotes: Mapping[str, Quote]) -> None:
        """Value everything at its last close, prove the books, look at the day's loss."""
        for symbol, quote in quotes.items():
            self.positions[symbol].mark = quote.close
        value = sum((self.worth(symbol) for symbol in self.positions), ZERO)
        cost = sum((position.cost for position in self.positions.values()), ZERO)
        self.equity = self.cash + value
        if self.equity != self.initial + self.realized + (value - cost) - self.fees:
            raise ArithmeticError(f"the books do not balance at {self.now}")
        rate = self.terms.max_daily_loss
        if rate is not None and self.reference - self.equity >= money(self.reference * rate):
            self.halted = True

    def decide(self, now: datetime, symbol: str, quote: Quote) -> None:
        """A person's order, then the signal's."""
        if quote.command is not None and symbol not in self.working:
            side, quantity = quote.command
            self.submit(now, Order(symbol, "COMMAND", now, side, quantity), quote.close)
        if symbol in self.working:
            return
        held = self.positions[symbol].quantity
        if quote.signal == "BUY" and held == 0:
            budget = money(self.equity * self.terms.fraction)
            affordable = (budget / quote.close).quantize(Decimal("0.00000001"), rounding=ROUND_HALF_UP)
            quantity = affordable // self.terms.lot * self.terms.lot
            if quantity > 0:
                self.submit(now, Order(symbol, "SIGNAL", now, "BUY", quantity), quote.close)
        elif quote.signal == "SELL" and held > 0:
            self.submit(now, Order(symbol, "SIGNAL", now, "SELL", held), quote.close)

    def submit(self, now: datetime, order: Order, close: Decimal) -> None:
        """Check an order; put it to work or deny it."""
        why = self.objection(order, close)
        if why is not None:
            self.tell(now, "DENIED", order, close, why=why)
            return
        need = self.need(self.slipped("BUY", close), order.quantity) if order.side == "BUY" else ZERO
        self.working[order.symbol] = Order(order.symbol, order.origin, now, order.side, order.quantity, need)
        self.tell(now, "ACCEPTED", order, close)

    def objection(self, order: Order, close: Decimal) -> tuple[str, Decimal, Decimal] | None:
        """The first check that fails: its code and its two numbers."""
        position, terms = self.positions[order.symbol], self.terms
        if order.side == "SELL":
            if order.quantity > position.quantity:
                return "REDUCE_ONLY_WOULD_INCREASE_POSITION", order.quantity, position.quantity
            return None
        if self.halted and terms.max_daily_loss is not None:
            limit = money(self.reference * terms.max_daily_loss)
            return "DAILY_LOSS_LIMIT_REACHED", self.reference - self.equity, limit
        notional = money(close * order.quantity)
        if terms.max_position is not None:
            value, limit = position.cost + notional, money(self.equity * terms.max_position)
            if value > limit:
                return "POSITION_EXCEEDS_MAXIMUM", value, limit
        if terms.max_concentration is not None:
            value, limit = self.worth(order.symbol) + notional, money(self.equity * terms.max_concentration)
            if value > limit:
                return "CONCENTRATION_EXCEEDS_MAXIMUM", value, limit
        need, free = self.need(self.slipped("BUY", close), order.quantity), self.free()
        if need > free:
            return "NOTIONAL_EXCEEDS_FREE_BALANCE", need, free
        return None

    def fill(self, now: datetime, order: Order, price: Decimal) -> None:
        """Move cash, cost and quantity."""
        position = self.positions[order.symbol]
        notional = money(price * order.quantity)
        fee = money(abs(notional) * self.terms.fee)
        realized = ZERO
        if order.side == "BUY":
            position.quantity += order.quantity
            position.cost += notional
            self.cash -= notional + fee
        else:
            taken = money(position.cost * order.quantity / position.quantity)
            realized = notional - taken
            position.quantity -= order.quantity
            position.cost -= taken
            self.cash += notional - fee
        self.realized += realized
        self.fees += fee
        self.tell(now, "FILLED", order, price, fee, realized)

    def slipped(self, side: str, price: Decimal) -> Decimal:
        """The price made worse by the slippage rate."""
        slip = money(price * self.terms.slippage)
        return price + slip if side == "BUY" else price - slip

    def need(self, price: Decimal, quantity: Decimal) -> Decimal:
        """What a purchase takes: notional and fee."""
        notional = money(price * quantity)
        return notional + money(abs(notional) * self.terms.fee)

    def free(self) -> Decimal:
        """Cash that no working order has reserved."""
        return self.cash - sum((order.reserved for order in self.working.values()), ZERO)

    def worth(self, symbol: str) -> Decimal:
        """A position at its mark."""
        position = self.positions[symbol]
        return money(position.quantity * position.mark)

    def tell(
        self,
        now: datetime,
        kind: str,
        order: Order,
        price: Decimal,
        fee: Decimal = ZERO,
        realized: Decimal = ZERO,
        why: tuple[str | None, Decimal, Decimal] = (None, ZERO, ZERO),
    ) -> None:
        """Note what happened."""
        about = (order.symbol, order.origin, order.decided, order.side, order.quantity)
        self.happenings.append(Happening(now, kind, *about, price, fee, realized, *why))


def run(
    terms: Terms, initial_cash: Decimal, days: Sequence[tuple[datetime, Mapping[str, Quote]]]
) -> tuple[list[Happening], list[Decimal], Decimal]:
    """Trade the days in order: what happened, the equity after each, and the final cash."""
    with localcontext(Context(prec=60)):
        oracle = Oracle(terms, initial_cash)
        equities = []
        for now, quotes in days:
            oracle.instant(now, quotes)
            equities.append(oracle.equity)
        return oracle.happenings, equities, oracle.cash
