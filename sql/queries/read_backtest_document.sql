SELECT document FROM backtests WHERE id = %(id)s
