SELECT id, name, kind, state, done, total, error, traceback, requested_at, started_at, finished_at
FROM backtests WHERE id = %(id)s
