-- The cancels that wait, and for each symbol the oldest order that does.
SELECT client_order_id, kind, symbol, side, (quantity * 100000000)::bigint, coalesce(stop_price * 10000, 0)::bigint,
    coalesce(target_price * 10000, 0)::bigint
FROM commands c
WHERE strategy_id = %(strategy_id)s AND outcome IS NULL AND (
    kind = 'CANCEL' OR NOT EXISTS (
        SELECT FROM commands older
        WHERE older.strategy_id = c.strategy_id AND older.symbol = c.symbol AND older.kind = 'ORDER'
            AND older.outcome IS NULL AND older.received < c.received
    )
)
ORDER BY received
