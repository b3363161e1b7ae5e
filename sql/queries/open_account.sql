INSERT INTO account (strategy_id, currency, initial_cash, cash, marked_equity, session_equity, peak_equity)
VALUES (
    %(strategy_id)s, %(currency)s, %(initial_cash)s, %(initial_cash)s, %(initial_cash)s, %(initial_cash)s,
    %(initial_cash)s
)
ON CONFLICT (strategy_id) DO NOTHING
