SELECT halt_trading(%(strategy_id)s, %(reason)s)
