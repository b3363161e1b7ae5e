SELECT manifest FROM backtests WHERE id = %(id)s
