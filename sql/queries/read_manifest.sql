SELECT manifest FROM strategies WHERE strategy_id = %(strategy_id)s
