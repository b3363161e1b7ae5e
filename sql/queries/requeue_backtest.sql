-- One whose service ends, or was lost: then it is run again once.
UPDATE backtests
SET state = 'QUEUED', attempt = attempt + 1, lost = lost + %(lost)s, started_at = NULL, done = 0, total = 0
WHERE id = %(id)s AND attempt = %(attempt)s AND state IN ('QUEUED', 'RUNNING') AND lost + %(lost)s <= 1
RETURNING attempt
