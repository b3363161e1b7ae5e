SELECT fault FROM account WHERE strategy_id = %(strategy_id)s
