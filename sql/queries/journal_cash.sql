SELECT initial_cash, cash FROM account WHERE strategy_id = %(strategy_id)s
