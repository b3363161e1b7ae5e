-- The transaction's commit doesn't wait for the disk. A crash of the server may forget it whole, never in part, and
-- never what a later commit that waits rests on.
SET LOCAL synchronous_commit = off
