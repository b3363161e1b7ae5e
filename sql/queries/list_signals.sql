-- Signals before a position, newest first, with what became of them. A filter that is NULL is none: to be planned for
-- its values at each call.
SELECT s.signal_id, s.symbol, s.instant, s.side, s.late, s.received_at, i.decided_at,
    i.instant IS NOT NULL AND NOT s.late AND s.symbol = ANY (i.signals) AS took_part,
    o.client_order_id, o.status AS order_status, o.reason AS order_reason
FROM (
    SELECT b.strategy_id, b.signal_id, b.symbol, b.instant, b.side, b.late, b.received_at
    FROM inbox b
    WHERE b.strategy_id = %(strategy_id)s AND b.kind = 'SIGNAL'
        AND (b.instant, b.symbol) < (%(before)s, %(before_symbol)s)
        AND b.instant BETWEEN %(from)s AND %(to)s
        AND (%(symbol)s::text IS NULL OR b.symbol = %(symbol)s)
        AND (%(side)s::text IS NULL OR b.side = %(side)s)
        AND (%(late)s::boolean IS NULL OR b.late = %(late)s)
    ORDER BY b.instant DESC, b.symbol DESC LIMIT %(limit)s
) s
LEFT JOIN instants i USING (strategy_id, instant)
LEFT JOIN orders o ON o.signal_id = s.signal_id
ORDER BY s.instant DESC, s.symbol DESC
