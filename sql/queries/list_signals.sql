-- Signals before a position, newest first, with what became of them. A filter that is NULL is none: to be planned for
-- its values at each call. LIMIT 1 has each signal's instant and order looked up, never all of them hashed.
-- A window's end is a position: beside another upper bound, the index would be walked from there.
SELECT s.signal_id, s.symbol, s.instant, s.side, s.late, s.received_at, i.decided_at,
    i.instant IS NOT NULL AND NOT s.late AND s.symbol = ANY(i.signals) AS took_part,
    o.client_order_id, o.status AS order_status, o.reason AS order_reason
FROM (
    SELECT b.strategy_id, b.signal_id, b.symbol, b.instant, b.side, b.late, b.received_at
    FROM inbox b
    WHERE b.strategy_id = %(strategy_id)s AND b.kind = 'SIGNAL'
        AND (b.instant, b.symbol) < (%(before)s, %(before_symbol)s)
        AND b.instant >= %(from)s
        AND (%(symbol)s::text IS NULL OR b.symbol = %(symbol)s)
        AND (%(side)s::text IS NULL OR b.side = %(side)s)
        AND (%(late)s::boolean IS NULL OR b.late = %(late)s)
    ORDER BY b.instant DESC, b.symbol DESC LIMIT %(limit)s
) s
LEFT JOIN LATERAL (
    SELECT n.instant, n.decided_at, n.signals FROM instants n
    WHERE n.strategy_id = s.strategy_id AND n.instant = s.instant LIMIT 1 -- noqa: AM09
) i ON true
LEFT JOIN LATERAL (
    SELECT p.client_order_id, p.status, p.reason FROM orders p WHERE p.signal_id = s.signal_id LIMIT 1 -- noqa: AM09
) o ON true
ORDER BY s.instant DESC, s.symbol DESC
