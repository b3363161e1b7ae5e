-- What a crash of the server forgets to have been published goes out again, as at least once allows: a relay must not
-- wait for the disk.
SET synchronous_commit = off
