SELECT trade_id, client_order_id, symbol, side, last_qty, last_px, notional, fee, realized_pnl_gross, instant
FROM trades WHERE strategy_id = %(strategy_id)s AND (%(symbol)s::text IS NULL OR symbol = %(symbol)s)
ORDER BY fill_number DESC LIMIT %(limit)s
