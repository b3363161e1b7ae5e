-- Each change of a position, by a fill or a split, and what it was afterwards.
CREATE VIEW analytics.position_history AS
SELECT
    h.strategy_id,
    h.symbol,
    h.instant,
    h.cause,
    h.trade_id,
    h.quantity_change,
    h.cost_change,
    h.quantity,
    h.cost,
    CASE WHEN h.quantity <> 0 THEN mul_div(abs(h.cost), 1, abs(h.quantity)) END AS avg_px,
    h.realized_pnl_gross,
    h.fee
FROM (
    SELECT
        e.strategy_id,
        e.symbol,
        e.instant,
        e.entry_id,
        coalesce(t.side, 'SPLIT') AS cause,
        t.trade_id,
        e.quantity AS quantity_change,
        e.amount AS cost_change,
        sum(e.quantity) OVER so_far AS quantity,
        sum(e.amount) OVER so_far AS cost,
        coalesce(t.realized_pnl_gross, 0) AS realized_pnl_gross,
        coalesce(t.fee, 0) AS fee
    FROM ledger_entries e
    LEFT JOIN trades t ON t.trade_id = e.posting
    WHERE e.ledger_account = 'POSITIONS'
    WINDOW so_far AS (PARTITION BY e.strategy_id, e.symbol ORDER BY e.entry_id)
) h
ORDER BY h.strategy_id, h.symbol, h.entry_id;
