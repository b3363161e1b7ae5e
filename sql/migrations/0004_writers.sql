-- Who writes for whom, and when it was last heard of. A row of its own beside epochs: every transaction of the writer
-- holds epochs' row FOR SHARE, and a heartbeat must not wait for it.
CREATE TABLE writers (
    owner text PRIMARY KEY,
    epoch bigint NOT NULL CHECK (epoch > 0),
    holder text NOT NULL,
    backend_pid integer NOT NULL,
    backend_start timestamptz,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
COMMENT ON TABLE writers IS 'The process that has an owner''s turn to write; the lock and the epoch say so, this row describes it.';
COMMENT ON COLUMN writers.backend_start IS
'Tells the writer''s session from a later one with the same pid; NULL where the functions'' owner may not see it.';
