-- An order's fills add up to what it says is filled, and never to more than was ordered.
SELECT o.client_order_id, o.status, o.quantity, o.filled_qty, f.filled
FROM orders o
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.last_qty), 0) AS filled FROM trades t WHERE t.client_order_id = o.client_order_id
) f
WHERE f.filled > o.quantity OR f.filled <> o.filled_qty OR (o.status = 'FILLED') <> (f.filled = o.quantity)
