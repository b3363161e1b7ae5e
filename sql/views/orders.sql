-- Every order with what became of it: its fills, or why not, with the numbers. reason_unit says what those count.
-- slippage is what the fills cost more than at the price that the decision saw, fees apart. (No split comes between the
-- two: it ends the orders that work.)
CREATE VIEW analytics.orders AS
SELECT
    o.client_order_id,
    o.strategy_id,
    o.symbol,
    o.side,
    o.origin,
    o.signal_id,
    o.status,
    o.quantity,
    o.filled_qty,
    o.quantity - o.filled_qty AS leaves_qty,
    o.decided_at,
    o.decision_px,
    o.avg_px,
    o.reserved,
    o.limit_price,
    o.trigger_price,
    o.triggered_at,
    o.stop_price,
    o.target_price,
    o.replaces,
    o.reason,
    o.reason_value,
    o.reason_limit,
    CASE
        WHEN o.reason = 'REDUCE_ONLY_WOULD_INCREASE_POSITION' THEN 'QUANTITY'
        WHEN o.reason IN ('SIGNAL_TOO_OLD', 'COOLDOWN_ACTIVE') THEN 'SECONDS'
        WHEN o.reason = 'RATE_LIMIT_EXCEEDED' THEN 'ORDERS'
        WHEN o.reason IN (
            'NOTIONAL_EXCEEDS_FREE_BALANCE', 'NOTIONAL_EXCEEDS_MAX_PER_ORDER', 'POSITION_EXCEEDS_MAXIMUM',
            'CONCENTRATION_EXCEEDS_MAXIMUM', 'DAILY_LOSS_LIMIT_REACHED'
        ) THEN 'MONEY'
    END AS reason_unit,
    fills.fills,
    fills.notional,
    fills.fees,
    fills.realized_pnl_gross,
    fills.first_fill_at,
    fills.last_fill_at,
    fills.notional_over_decision * CASE o.side WHEN 'BUY' THEN 1 ELSE -1 END AS slippage,
    o.created_at,
    o.updated_at
FROM orders o
CROSS JOIN LATERAL (
    SELECT
        count(*) AS fills,
        coalesce(sum(t.notional), 0) AS notional,
        coalesce(sum(t.fee), 0) AS fees,
        coalesce(sum(t.realized_pnl_gross), 0) AS realized_pnl_gross,
        min(t.instant) AS first_fill_at,
        max(t.instant) AS last_fill_at,
        coalesce(sum(t.notional - mul_div(o.decision_px, t.last_qty, 1)), 0) AS notional_over_decision
    FROM trades t WHERE t.client_order_id = o.client_order_id
) fills;
