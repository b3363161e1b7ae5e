SELECT t.client_order_id, t.symbol, t.side, o.origin, o.decided_at, t.instant, t.last_qty, t.last_px, t.fee,
    t.realized_pnl_gross
FROM trades t JOIN orders o USING (client_order_id)
WHERE t.strategy_id = %(strategy_id)s ORDER BY t.fill_number
