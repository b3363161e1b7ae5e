-- An arbitrary constant, the same for every process that migrates.
SELECT pg_advisory_xact_lock(7214380512904)
