SELECT count(*) FROM backtests WHERE state = 'QUEUED'
