INSERT INTO backtests (id, name, kind, manifest, state, key, fingerprint)
VALUES (%(id)s, %(name)s, %(kind)s, %(manifest)s, 'QUEUED', %(key)s, %(fingerprint)s)
ON CONFLICT (key) DO NOTHING
RETURNING id
