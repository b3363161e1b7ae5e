-- Orders that instants decided, the latest first, before a position; otherwise as list_orders. A window's end is a
-- position: beside another upper bound, the index would be walked from there.
SELECT o.client_order_id, o.symbol, o.side, o.origin, o.signal_id, o.quantity, o.filled_qty,
    CASE
        WHEN o.status IN ('DENIED', 'REJECTED', 'FILLED', 'CANCELED', 'EXPIRED') THEN 0::numeric(28, 8)
        ELSE o.quantity - o.filled_qty
    END AS leaves_qty,
    o.avg_px, o.status, o.limit_price, o.trigger_price, o.triggered_at, o.stop_price, o.target_price, o.replaces,
    r.client_order_id AS replaced_by, o.decided_at,
    o.decision_px, o.reserved, o.reason, o.reason_value, o.reason_limit, o.created_at, o.updated_at
FROM orders o LEFT JOIN orders r ON r.replaces = o.client_order_id
WHERE o.strategy_id = %(strategy_id)s AND (o.decided_at, o.client_order_id) < (%(before)s, %(before_id)s)
    AND o.decided_at >= %(from)s
    AND (%(status)s::text IS NULL OR o.status = %(status)s)
    AND (%(symbol)s::text IS NULL OR o.symbol = %(symbol)s)
    AND (%(side)s::text IS NULL OR o.side = %(side)s)
    AND (%(origin)s::text IS NULL OR o.origin = %(origin)s)
    AND (%(reason)s::text IS NULL OR o.reason = %(reason)s)
ORDER BY o.decided_at DESC, o.client_order_id DESC LIMIT %(limit)s
