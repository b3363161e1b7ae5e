SELECT a.currency, a.initial_cash, a.cash, a.reserved, a.margin,
    a.cash - a.reserved - a.margin AS free_cash, a.portfolio_value,
    a.cash + a.portfolio_value AS equity, a.marked_equity, a.realized_pnl_gross, a.fees,
    a.realized_pnl_gross - a.fees AS realized_pnl, nullif(a.session_day, -1) AS session_day, a.session_equity,
    t.effective AS trading_state, a.fault, a.fills
FROM account a CROSS JOIN LATERAL get_trading_state(a.strategy_id) t
WHERE a.strategy_id = %(strategy_id)s
