-- Cash is what the account began with, and everything that the ledger says since.
SELECT a.strategy_id, a.initial_cash, a.cash, l.cash AS in_ledger, l.capital, t.cash AS by_trades
FROM account a
JOIN torture.run USING (strategy_id)
CROSS JOIN LATERAL (
    SELECT sum(amount) FILTER (WHERE ledger_account = 'CASH') AS cash,
        -sum(amount) FILTER (WHERE ledger_account = 'CAPITAL') AS capital,
        coalesce(-sum(amount) FILTER (WHERE ledger_account = 'DIVIDENDS'), 0) AS dividends
    FROM ledger_entries e WHERE e.strategy_id = a.strategy_id
) l
CROSS JOIN LATERAL (
    SELECT a.initial_cash + l.dividends
        + coalesce(sum(CASE t.side WHEN 'BUY' THEN -t.notional ELSE t.notional END - t.fee), 0) AS cash
    FROM trades t WHERE t.strategy_id = a.strategy_id
) t
WHERE a.cash IS DISTINCT FROM l.cash OR l.capital IS DISTINCT FROM a.initial_cash OR a.cash IS DISTINCT FROM t.cash
