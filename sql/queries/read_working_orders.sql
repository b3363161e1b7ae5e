-- The working orders in the rule book's integers; quantity is what is left to fill, the trigger 0 once it was reached,
-- and the last column the first instant that each met.
SELECT client_order_id, symbol, side, ((quantity - filled_qty) * 100000000)::bigint, (reserved * 10000)::bigint,
    decided_at, origin, done.fills, (filled_qty * 100000000)::bigint, (done.notional * 10000)::bigint,
    coalesce(stop_price * 10000, 0)::bigint, coalesce(target_price * 10000, 0)::bigint,
    coalesce(limit_price * 10000, 0)::bigint,
    CASE WHEN triggered_at IS NULL THEN coalesce(trigger_price * 10000, 0) ELSE 0 END::bigint,
    (SELECT min(n.instant) FROM instants n WHERE n.strategy_id = o.strategy_id AND n.instant > o.decided_at)
FROM orders o
CROSS JOIN LATERAL (
    SELECT count(*) AS fills, coalesce(sum(t.notional), 0) AS notional
    FROM trades t WHERE t.client_order_id = o.client_order_id
) done
WHERE strategy_id = %(strategy_id)s AND decided_at IS NOT NULL
    AND status IN ('SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL', 'PARTIALLY_FILLED')
