INSERT INTO watermarks AS w (owner, instant) VALUES (%(owner)s, %(instant)s)
ON CONFLICT (owner) DO UPDATE SET instant = excluded.instant WHERE w.instant < excluded.instant
