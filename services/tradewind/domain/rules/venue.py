"""The paper broker's venue: what one instant's bars do to working orders and positions."""

from tradewind.domain.rules.actions import dividend_of, split_price, split_quantity
from tradewind.domain.rules.arithmetic import bounded
from tradewind.domain.rules.book import (
    CASH,
    FEE,
    FEES,
    FILL,
    LIMIT,
    MARGIN,
    REALIZED,
    REALIZED_GROSS,
    RESERVED,
    SESSION,
    VALUE,
    Book,
    Instant,
    Rules,
)
from tradewind.domain.rules.codes import (
    ACCEPTED,
    BUY,
    CANCELED,
    CANCELED_BY_REQUEST,
    CORPORATE_ACTION,
    DAY,
    EXPIRED,
    FILLED,
    IOC,
    MARKET,
    NOTIONAL_EXCEEDS_FREE_BALANCE,
    PARTIALLY_FILLED,
    POSITION_EXITED,
    SELL,
    SIGNAL,
    SIGNAL_TOO_OLD,
    TAKE_PROFIT,
    TIME_IN_FORCE,
    TRIGGERED,
    is_exit,
)
from tradewind.domain.rules.exits import better_price, exit_levels, exit_of
from tradewind.domain.rules.fills import (
    apply_fill,
    borrow_due,
    fee_due,
    fillable,
    free_cash,
    funds,
    margin_of,
    notional_of,
    opening_part,
    reserve_left,
    slipped_price,
)
from tradewind.domain.rules.trades import close_trade, earn
from tradewind.domain.rules.working import Events, Row, end_order, put_to_work, release, write_event


def run_venue(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Do what the venue of the paper broker does with one instant's bars.

    The borrow of a new session, cancels, corporate actions, opens, exits, then orders whose price the bar reaches after
    its open.
    """
    charge_borrow(rules, book, instant)
    count = cancel_orders(book, instant, events, count)
    count = apply_actions(rules, book, instant, events, count)
    return fill_bars(rules, book, instant, events, count)


def fill_bars(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Do what bars alone bring about: the opens, exits, then orders whose price a bar reaches after its open."""
    count = fill_opens(rules, book, instant, events, count)
    count = fill_exits(rules, book, instant, events, count)
    return fill_touched(rules, book, instant, events, count)


def charge_borrow(rules: Rules, book: Book, instant: Instant) -> None:
    """Before all else in a new session: what was short since the last one costs its borrow rate, as a fee."""
    account = book.account
    days = borrowed_days(rules, book, instant)
    if days == 0:
        return
    for i in instant.symbols:
        if book.quantity[i] < 0:
            value = -notional_of(book.mark[i], book.quantity[i])
            due = borrow_due(rules, value, days)
            account[CASH] = bounded(account[CASH] - due)
            account[FEES] = bounded(account[FEES] + due)


def borrowed_days(rules: Rules, book: Book, instant: Instant) -> int:
    """Return for how many calendar days shorts owe their borrow rate at this instant, 0 where they owe nothing."""
    if rules.borrow_rate == 0 or book.account[MARGIN] == 0:
        return 0
    return instant.session - book.account[SESSION]


def cancel_orders(book: Book, instant: Instant, events: Events, count: int) -> int:
    """Before anything else: take off the books what a person wants canceled."""
    for i in instant.symbols:
        if instant.cancel[i] != 0 and book.order_quantity[i] != 0:
            count = end_order(book, instant, i, CANCELED, CANCELED_BY_REQUEST, 0, events, count)
    return count


def apply_actions(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 1, before the opens: splits, then dividends on what is held after them."""
    account = book.account
    for i in instant.symbols:
        numerator, denominator = instant.split_numerator[i], instant.split_denominator[i]
        if numerator != 0:
            if book.order_quantity[i] != 0:
                # Its quantity and price were fixed in units that trade no more.
                count = end_order(book, instant, i, CANCELED, CORPORATE_ACTION, 0, events, count)
            book.quantity[i] = split_quantity(book.quantity[i], numerator, denominator)
            book.mark[i] = split_price(book.mark[i], numerator, denominator)
            book.stop[i] = split_price(book.stop[i], numerator, denominator)
            book.target[i] = split_price(book.target[i], numerator, denominator)
            book.peak[i] = split_price(book.peak[i], numerator, denominator)
            if book.quantity[i] == 0:
                # A reverse split may leave less than the smallest unit: what it cost is lost.
                account[REALIZED_GROSS] = bounded(account[REALIZED_GROSS] - book.cost[i])
                account[MARGIN] -= 2 * max(0, -book.cost[i])
                if rules.kelly > 0:
                    book.earned[i] = bounded(book.earned[i] - book.cost[i])
                    close_trade(book, i)
                book.cost[i] = 0
                forget_exits(book, i)
        if instant.dividend[i] != 0:
            earned = dividend_of(book.quantity[i], instant.dividend[i])
            if rules.kelly > 0:
                book.earned[i] = bounded(book.earned[i] + earned)
            account[CASH] = bounded(account[CASH] + earned)
            account[REALIZED_GROSS] = bounded(account[REALIZED_GROSS] + earned)
    return count


def fill_opens(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 1: fill working orders at their open, sales before purchases, then by symbol."""
    for side in (SELL, BUY):
        for i in instant.symbols:
            if book.order_quantity[i] == 0 or book.order_side[i] != side:
                continue
            if book.order_session[i] < 0:
                book.order_session[i] = instant.session
            by_signal = book.order_origin[i] == SIGNAL
            # A price of its own says when an order fills, and its time in force for how long it may.
            ages = rules.order_type == MARKET if by_signal else not is_exit(book.order_origin[i])
            age = instant.time - book.order_time[i]
            if by_signal and rules.time_in_force == DAY and instant.session != book.order_session[i]:
                count = end_order(book, instant, i, EXPIRED, TIME_IN_FORCE, 0, events, count)
            elif ages and age > rules.max_signal_age:
                count = end_order(book, instant, i, EXPIRED, SIGNAL_TOO_OLD, 0, events, count)
                row = events[count - 1]
                row[VALUE] = age
                row[LIMIT] = rules.max_signal_age
            elif instant.present[i] != 0:
                count = fill_open(rules, book, instant, i, events, count)
                if by_signal and rules.time_in_force == IOC and book.order_quantity[i] != 0:
                    count = end_order(book, instant, i, CANCELED, TIME_IN_FORCE, 0, events, count)
    return count


def fill_open(rules: Rules, book: Book, instant: Instant, i: int, events: Events, count: int) -> int:
    """Fill one working order at the open, slipped, but not past its limit; one whose price is not there waits."""
    side, open_ = book.order_side[i], instant.open[i]
    if book.order_trigger[i] != 0:
        if side * open_ < side * book.order_trigger[i]:
            return count
        count = trigger_order(book, instant, i, open_, events, count)
    price, limit = slipped_price(rules, side, open_), book.order_limit[i]
    if limit != 0:
        if side * open_ > side * limit:
            return count
        price = min(price, limit) if side == BUY else max(price, limit)
    return fill_at(rules, book, instant, i, price, events, count)


def trigger_order(book: Book, instant: Instant, i: int, price: int, events: Events, count: int) -> int:
    """Note that a working order's stop is reached, at this price: it works on as a market or limit order."""
    side, quantity = book.order_side[i], book.order_quantity[i]
    origin, decided = book.order_origin[i], book.order_time[i]
    write_event(events[count], instant.time, TRIGGERED, i, origin, decided, side, quantity, price)
    book.order_trigger[i] = 0
    return count + 1


def fill_touched(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 3: fill limit and stop orders that the bar reaches after its open, sales first, then by symbol.

    Of what was opened only the stop may act in the same bar: nobody knows whether its other prices came before.
    """
    for side in (SELL, BUY):
        for i in instant.symbols:
            if book.order_quantity[i] == 0 or book.order_side[i] != side or instant.present[i] == 0:
                continue
            held = book.quantity[i]
            count = fill_touch(rules, book, instant, i, events, count)
            if side * book.quantity[i] > max(0, side * held):
                count = stop_entered(rules, book, instant, i, events, count)
    return count


def fill_touch(rules: Rules, book: Book, instant: Instant, i: int, events: Events, count: int) -> int:
    """Fill one working order at its price inside the bar; one that had its turn at the open waits."""
    side, trigger, limit = book.order_side[i], book.order_trigger[i], book.order_limit[i]
    if trigger != 0:
        if side * (instant.high[i] if side == BUY else instant.low[i]) < side * trigger:
            return count
        count = trigger_order(book, instant, i, trigger, events, count)
        if limit != 0:
            return count  # whether the bar came back to the limit nobody knows
        price = slipped_price(rules, side, trigger)
    else:
        if limit == 0 or side * instant.open[i] <= side * limit:
            return count
        if side * (instant.low[i] if side == BUY else instant.high[i]) > side * limit:
            return count
        price = limit
    return fill_at(rules, book, instant, i, price, events, count)


def stop_entered(rules: Rules, book: Book, instant: Instant, i: int, events: Events, count: int) -> int:
    """Close what was opened inside this bar where the bar reaches its stop."""
    side = BUY if book.quantity[i] > 0 else SELL
    worst, best = (instant.low[i], instant.high[i]) if side == BUY else (instant.high[i], instant.low[i])
    levels = exit_levels(rules, book.quantity[i], book.cost[i], book.stop[i], book.target[i], book.peak[i])
    origin, stop = levels[0], levels[1]
    if stop > 0 and side * worst <= side * stop:
        count = fill_exit(rules, book, instant, i, origin, stop, events, count)
    if rules.trailing_stop > 0 and book.quantity[i] != 0:
        book.peak[i] = better_price(side, book.peak[i], best)
    return count


def fill_at(rules: Rules, book: Book, instant: Instant, i: int, price: int, events: Events, count: int) -> int:
    """Fill one working order as far as the bar's volume goes; what can't be funded of it is canceled."""
    account = book.account
    side, held = book.order_side[i], book.quantity[i]
    quantity = fillable(book.order_quantity[i], instant.volume[i], rules.max_participation, rules.lot)
    if quantity == 0:
        return count
    opening, need, free, funded = opening_part(held, side, quantity), 0, 0, True
    if opening > 0:
        notional = notional_of(price, quantity)
        fee = fee_of_fill(rules, book, i, quantity, notional)
        need, released = funds(side, held, book.cost[i], quantity, notional, fee)
        free = free_cash(account) + book.order_reserved[i] + released
        funded = need <= free
    if funded or opening < quantity:
        part = quantity if funded else quantity - opening
        count = fill_working(rules, book, instant, i, part, price, events, count)
    if not funded:
        count = end_order(book, instant, i, CANCELED, NOTIONAL_EXCEEDS_FREE_BALANCE, price, events, count)
        row = events[count - 1]
        row[VALUE] = need
        row[LIMIT] = free
    return count


def fill_working(
    rules: Rules, book: Book, instant: Instant, i: int, quantity: int, price: int, events: Events, count: int
) -> int:
    """Fill a working order, whole or in part."""
    account = book.account
    side, before = book.order_side[i], book.order_quantity[i]
    left = before - quantity
    kind = FILLED if left == 0 else PARTIALLY_FILLED
    row = events[count]
    write_event(row, instant.time, kind, i, book.order_origin[i], book.order_time[i], side, quantity, price)
    book.order_fills[i] += 1
    row[FILL] = book.order_fills[i]
    reserved = book.order_reserved[i]
    release(book, i)
    book_fill(rules, book, i, side, quantity, price, row)
    if side * book.quantity[i] > 0 and (book.order_stop[i] != 0 or book.order_target[i] != 0):
        book.stop[i] = book.order_stop[i]
        book.target[i] = book.order_target[i]
    if left > 0:
        book.order_quantity[i] = left
        book.order_reserved[i] = reserve_left(reserved, left, before, free_cash(account))
        account[RESERVED] += book.order_reserved[i]
    return count + 1


def book_fill(rules: Rules, book: Book, i: int, side: int, quantity: int, price: int, row: Row) -> None:
    """Book a fill on account and position, and complete its event row."""
    account = book.account
    paid = notional_of(price, quantity)
    notional = side * paid
    fee = fee_of_fill(rules, book, i, quantity, paid)
    book.order_filled[i] += quantity
    book.order_notional[i] = bounded(book.order_notional[i] + paid)
    held, cost = book.quantity[i], book.cost[i]
    new_quantity, new_cost, realized = apply_fill(held, cost, side * quantity, notional)
    if rules.kelly > 0:
        earn(book, i, held, side * quantity, realized, fee)
    book.quantity[i] = new_quantity
    book.cost[i] = new_cost
    if held < 0 or new_quantity < 0:
        account[MARGIN] = bounded(account[MARGIN] + margin_of(new_quantity, new_cost) - margin_of(held, cost))
    if side * held < 0 and side * new_quantity >= 0:
        forget_exits(book, i)
    if rules.trailing_stop > 0 and side * new_quantity > 0:
        book.peak[i] = better_price(side, book.peak[i], price)
    account[CASH] = bounded(account[CASH] - notional - fee)
    account[FEES] = bounded(account[FEES] + fee)
    account[REALIZED_GROSS] = bounded(account[REALIZED_GROSS] + realized)
    row[FEE] = fee
    row[REALIZED] = realized


def fee_of_fill(rules: Rules, book: Book, i: int, quantity: int, notional: int) -> int:
    """Return what a fill adds to the fee that its order owes."""
    filled, so_far = book.order_filled[i], book.order_notional[i]
    return fee_due(rules, filled + quantity, bounded(so_far + notional)) - fee_due(rules, filled, so_far)


def forget_exits(book: Book, i: int) -> None:
    """Drop the exits of a position that is no more."""
    book.stop[i] = 0
    book.target[i] = 0
    book.peak[i] = 0


def fill_exits(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 2: stops and take profits inside the bar, the entry bar included; then the bar's best may be a new peak."""
    for i in instant.symbols:
        quantity = book.quantity[i]
        if quantity == 0 or instant.present[i] == 0:
            continue
        side = BUY if quantity > 0 else SELL
        # Unless the rest of an exit is at work, which one bar's volume could not take.
        if book.order_quantity[i] == 0 or not is_exit(book.order_origin[i]):
            stops_by, stop, target = exit_levels(
                rules, quantity, book.cost[i], book.stop[i], book.target[i], book.peak[i]
            )
            origin, level = exit_of(side, stops_by, stop, target, instant.open[i], instant.high[i], instant.low[i])
            if origin != 0:
                count = fill_exit(rules, book, instant, i, origin, level, events, count)
        if rules.trailing_stop > 0 and book.quantity[i] != 0:
            book.peak[i] = better_price(side, book.peak[i], instant.high[i] if side == BUY else instant.low[i])
    return count


def fill_exit(
    rules: Rules, book: Book, instant: Instant, i: int, origin: int, level: int, events: Events, count: int
) -> int:
    """Close a position at an exit's level; what the bar's volume can't take works on as a market order."""
    if book.order_quantity[i] != 0:
        count = end_order(book, instant, i, CANCELED, POSITION_EXITED, 0, events, count)
    quantity, side = abs(book.quantity[i]), SELL if book.quantity[i] > 0 else BUY
    write_event(events[count], instant.time, ACCEPTED, i, origin, instant.time, side, quantity, level)
    count += 1
    put_to_work(book, instant, i, origin, side, quantity, 0)
    # A stop becomes a market order and slips; a target is a limit order and does not.
    price = level if origin == TAKE_PROFIT else slipped_price(rules, side, level)
    if origin != TAKE_PROFIT:
        book.stopped_at[i] = instant.time
    part = fillable(quantity, instant.volume[i], rules.max_participation, rules.lot)
    if part == 0:
        return count
    return fill_working(rules, book, instant, i, part, price, events, count)
