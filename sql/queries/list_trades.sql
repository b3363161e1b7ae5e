-- Fills before a position, newest first. A filter that is NULL is none: to be planned for its values at each call.
-- A window's end is a position: beside another upper bound, the index would be walked from there.
SELECT trade_id, client_order_id, symbol, side, last_qty, last_px, notional, fee, realized_pnl_gross, instant,
    fill_number
FROM trades
WHERE strategy_id = %(strategy_id)s AND (instant, fill_number) < (%(before)s, %(before_number)s)
    AND instant >= %(from)s
    AND (%(symbol)s::text IS NULL OR symbol = %(symbol)s)
    AND (%(side)s::text IS NULL OR side = %(side)s)
    AND (%(client_order_id)s::uuid IS NULL OR client_order_id = %(client_order_id)s)
ORDER BY instant DESC, fill_number DESC LIMIT %(limit)s
