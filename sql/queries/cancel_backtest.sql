UPDATE backtests
SET state = 'CANCELED', finished_at = greatest(clock_timestamp(), started_at, requested_at)
WHERE id = %(id)s AND state IN ('QUEUED', 'RUNNING')
