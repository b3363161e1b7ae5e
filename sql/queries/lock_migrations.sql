-- An arbitrary constant, the same for every process that migrates. Maintenance changes the catalog as well, and skips
-- its round meanwhile.
SELECT pg_advisory_xact_lock(7214380512904), pg_advisory_xact_lock(hashtextextended('maintain_partitions', 0))
