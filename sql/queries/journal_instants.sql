SELECT instant FROM instants WHERE strategy_id = %(strategy_id)s ORDER BY instant
