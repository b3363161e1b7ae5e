UPDATE backtests
SET state = 'FAILED', error = %(error)s, started_at = coalesce(started_at, requested_at),
    finished_at = greatest(clock_timestamp(), started_at, requested_at)
WHERE id = %(id)s AND attempt = %(attempt)s AND state IN ('QUEUED', 'RUNNING')
