UPDATE backtests SET done = %(done)s, total = %(total)s
WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'RUNNING'
