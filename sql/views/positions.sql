-- Every position that is or was held, with its profit at the last mark; quantity and cost added up again from its
-- postings.
CREATE VIEW analytics.positions AS
SELECT
    p.strategy_id,
    p.symbol,
    p.quantity,
    CASE WHEN p.quantity <> 0 THEN mul_div(abs(p.cost), 1, abs(p.quantity)) END AS avg_px,
    p.cost,
    p.mark,
    p.market_value,
    p.market_value - p.cost AS unrealized_pnl,
    p.realized_pnl_gross,
    p.fees,
    p.realized_pnl_gross - p.fees AS realized_pnl,
    p.stop_price,
    p.target_price,
    posted.quantity AS posted_quantity,
    posted.cost AS posted_cost,
    (posted.quantity, posted.cost) = (p.quantity, p.cost) AS agrees
FROM positions p
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.quantity), 0) AS quantity, coalesce(sum(e.amount), 0) AS cost
    FROM ledger_entries e
    WHERE e.strategy_id = p.strategy_id AND e.ledger_account = 'POSITIONS' AND e.symbol = p.symbol
) posted;
