-- Backtests before a position, newest first. A filter that is NULL is none: to be planned for its values at each call.
SELECT id, name, kind, state, done, total, error, traceback, requested_at, started_at, finished_at
FROM backtests
WHERE (requested_at, id) < (%(before)s, %(before_id)s) AND (%(state)s::text IS NULL OR state = %(state)s)
ORDER BY requested_at DESC, id DESC LIMIT %(limit)s
