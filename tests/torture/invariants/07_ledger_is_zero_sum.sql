-- Every posting adds up to zero, and every trade has one.
SELECT posting, sum(amount) AS amount FROM ledger_entries GROUP BY posting HAVING sum(amount) <> 0
UNION ALL
SELECT t.trade_id, NULL FROM trades t WHERE NOT EXISTS (SELECT FROM ledger_entries e WHERE e.posting = t.trade_id)
