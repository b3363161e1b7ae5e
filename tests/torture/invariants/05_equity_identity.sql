-- Equity = cash + what is held, at its marks = initial + realized + unrealized - fees; after every instant and now.
SELECT s.instant, s.equity, s.cash + s.portfolio_value AS held,
    a.initial_cash + s.realized_pnl_gross + s.unrealized_pnl - s.fees AS earned
FROM portfolio_snapshots s
JOIN account a USING (strategy_id)
JOIN torture.run USING (strategy_id)
WHERE s.equity <> s.cash + s.portfolio_value
    OR s.equity <> a.initial_cash + s.realized_pnl_gross + s.unrealized_pnl - s.fees
UNION ALL
SELECT NULL, a.marked_equity, a.cash + p.value, a.initial_cash + a.realized_pnl_gross + p.value - p.cost - a.fees
FROM account a
JOIN torture.run USING (strategy_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(market_value), 0) AS value, coalesce(sum(cost), 0) AS cost
    FROM positions p WHERE p.strategy_id = a.strategy_id
) p
WHERE a.marked_equity <> a.cash + p.value
    OR a.portfolio_value <> p.value
    OR a.marked_equity <> a.initial_cash + a.realized_pnl_gross + p.value - p.cost - a.fees
UNION ALL
SELECT i.instant, NULL, NULL, NULL
FROM instants i
JOIN torture.run USING (strategy_id)
LEFT JOIN portfolio_snapshots s USING (strategy_id, instant)
WHERE s.instant IS NULL
