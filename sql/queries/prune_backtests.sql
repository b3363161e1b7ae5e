SELECT prune_backtests(now() - %(keep)s::interval, %(most)s)
