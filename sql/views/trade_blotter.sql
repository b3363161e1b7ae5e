-- Every fill in the order that it was booked, with the order behind it.
CREATE VIEW analytics.trade_blotter AS
SELECT
    t.fill_number,
    t.instant,
    t.strategy_id,
    t.symbol,
    t.side,
    t.last_qty,
    t.last_px,
    t.notional,
    t.fee,
    t.realized_pnl_gross,
    t.realized_pnl_gross - t.fee AS realized_pnl,
    CASE t.side WHEN 'BUY' THEN -t.notional ELSE t.notional END - t.fee AS cash_change,
    t.trade_id,
    t.client_order_id,
    o.origin,
    o.signal_id,
    o.decided_at,
    o.decision_px
FROM trades t JOIN orders o USING (client_order_id);
