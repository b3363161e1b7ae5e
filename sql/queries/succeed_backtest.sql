UPDATE backtests
SET state = 'SUCCEEDED', document = %(document)s, finished_at = greatest(clock_timestamp(), started_at)
WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'RUNNING'
