SELECT instant, trading_state FROM instants
WHERE strategy_id = %(strategy_id)s AND instant > %(after)s AND instant <= %(through)s ORDER BY instant
