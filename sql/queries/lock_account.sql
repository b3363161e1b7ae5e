SELECT lock_account(%(strategy_id)s)
