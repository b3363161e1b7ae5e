SELECT * FROM get_portfolio_stats(%(strategy_id)s)
