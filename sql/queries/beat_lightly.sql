-- A heartbeat that a crash of the server forgets is no loss: it must not wait for the disk.
SET synchronous_commit = off
