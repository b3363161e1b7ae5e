SELECT pg_try_advisory_lock(hashtextextended(%(owner)s, 0))
