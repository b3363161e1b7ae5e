UPDATE backtests SET state = 'RUNNING', started_at = greatest(clock_timestamp(), requested_at), done = 0, total = 0
WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'QUEUED'
RETURNING id
