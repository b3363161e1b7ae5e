SELECT currency, initial_cash, cash, reserved, cash - reserved AS free_cash, portfolio_value,
    cash + portfolio_value AS equity, marked_equity, realized_pnl_gross, fees, realized_pnl_gross - fees AS realized_pnl,
    nullif(session_day, -1) AS session_day, session_equity, t.effective AS trading_state, fault, fills
FROM account CROSS JOIN LATERAL get_trading_state(account.strategy_id) t
WHERE account.strategy_id = %(strategy_id)s
