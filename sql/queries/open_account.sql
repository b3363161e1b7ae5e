INSERT INTO account (
    strategy_id, currency, initial_cash, cash, marked_equity, session_equity, peak_equity, may_overdraw
)
VALUES (
    %(strategy_id)s, %(currency)s, %(initial_cash)s::numeric, %(initial_cash)s, %(initial_cash)s, %(initial_cash)s,
    %(initial_cash)s, %(may_overdraw)s
)
ON CONFLICT (strategy_id) DO NOTHING
