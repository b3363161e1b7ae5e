-- What waits or runs according to its row, and is in no queue: the job ended without a word.
SELECT b.id, b.attempt
FROM backtests b
WHERE b.state IN ('QUEUED', 'RUNNING')
    AND NOT EXISTS (
        SELECT FROM procrastinate.procrastinate_jobs j
        WHERE j.args ->> 'backtest' = b.id::text AND (j.args ->> 'attempt')::integer = b.attempt
    )
