-- Every signal with what became of it: its order's status and reason, or why there is no order. next_return is the
-- return from its bar's close to the next bar's that the desk journaled, splits taken out.
CREATE VIEW analytics.signals AS
SELECT
    s.signal_id,
    s.strategy_id,
    s.symbol,
    s.interval,
    s.close_time,
    s.side,
    s.expected_return,
    s.confidence,
    s.model_version,
    s.reason AS signal_reason,
    CASE
        WHEN o.status IS NOT NULL THEN o.status
        WHEN i.signal_id IS NULL THEN 'NOT_RECEIVED'
        WHEN i.late THEN 'LATE'
        WHEN NOT EXISTS (
            SELECT FROM instants d WHERE d.strategy_id = s.strategy_id AND d.instant = s.close_time
        ) THEN 'WAITING'
        ELSE 'NO_ORDER'
    END AS outcome,
    o.client_order_id,
    o.reason AS order_reason,
    o.reason_value,
    o.reason_limit,
    o.quantity,
    o.filled_qty,
    o.avg_px,
    s.created_at,
    i.received_at,
    round(following.close / bar.close - 1, 12) AS next_return
FROM trading_signals s
LEFT JOIN inbox i ON i.signal_id = s.signal_id
LEFT JOIN orders o ON o.signal_id = s.signal_id
LEFT JOIN inbox bar
    ON bar.strategy_id = s.strategy_id
    AND bar.instant = s.close_time
    AND bar.symbol = s.symbol
    AND bar.kind = 'BAR'
LEFT JOIN LATERAL (
    SELECT n.close * coalesce(split.numerator::numeric / split.denominator, 1) AS close
    FROM inbox n
    LEFT JOIN inbox split
        ON split.strategy_id = n.strategy_id
        AND split.instant = n.instant
        AND split.symbol = n.symbol
        AND split.kind = 'SPLIT'
    WHERE n.strategy_id = s.strategy_id AND n.symbol = s.symbol AND n.kind = 'BAR' AND n.instant > s.close_time
    ORDER BY n.instant LIMIT 1
) following ON true;
