-- What was run while its caller waited.
INSERT INTO backtests (
    id, name, kind, manifest, state, done, total, document, key, fingerprint, requested_at, started_at, finished_at
)
SELECT %(id)s, %(name)s, %(kind)s, %(manifest)s, 'SUCCEEDED', 1, 1, %(document)s, %(key)s, %(fingerprint)s,
    t.now - %(took)s::interval, t.now - %(took)s::interval, t.now
FROM (SELECT clock_timestamp() AS now) t
ON CONFLICT (key) DO NOTHING
RETURNING id
