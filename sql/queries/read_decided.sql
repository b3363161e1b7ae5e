-- The orders that instants after one decided, with the reason of a denial, and the fills that they brought.
SELECT client_order_id, CASE WHEN status = 'DENIED' THEN reason END, (quantity * 100000000)::bigint,
    (decision_px * 10000)::bigint
FROM orders WHERE strategy_id = %(strategy_id)s AND decided_at > %(after)s AND decided_at <= %(through)s
UNION ALL
SELECT client_order_id, 'FILL', (last_qty * 100000000)::bigint, (last_px * 10000)::bigint
FROM trades WHERE strategy_id = %(strategy_id)s AND instant > %(after)s AND instant <= %(through)s
