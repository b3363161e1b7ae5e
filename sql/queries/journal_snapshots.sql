SELECT instant, cash, equity FROM portfolio_snapshots WHERE strategy_id = %(strategy_id)s ORDER BY instant
