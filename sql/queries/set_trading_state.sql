SELECT set_trading_state(%(strategy_id)s, %(side)s, %(state)s, %(reason)s)
