SELECT attempt FROM backtests WHERE id = %(id)s AND state = 'RUNNING'
