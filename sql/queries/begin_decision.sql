SELECT state, waiting FROM begin_decision(%(strategy_id)s)
