SELECT record_fault(%(strategy_id)s, %(reason)s)
