SELECT cash, reserved, realized_pnl_gross, fees, marked_equity, initial_cash, session_day, session_equity,
    loss_reached, portfolio_value, currency, trading_state, halt_reason
FROM account WHERE strategy_id = %(strategy_id)s
