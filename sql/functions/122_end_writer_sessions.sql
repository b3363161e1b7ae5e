-- Ends the session of a writer that is heard of no more: its beat, and the last change of its session's state, are
-- older than 5 s by this server's clock. A writer stopped in the middle of a transaction keeps its locks until then.
-- Only the recorded session is ended, never another one that has got its pid since. Returns how many were ended.
CREATE OR REPLACE FUNCTION end_writer_sessions(p_owner text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid, 2000)) INTO ended
    FROM writers w
    JOIN pg_stat_activity a ON a.pid = w.backend_pid AND a.backend_start = w.backend_start
    WHERE w.owner = p_owner
        AND greatest(w.beat_at, a.state_change) < clock_timestamp() - interval '5 seconds';
    RETURN ended;
END
$$;

-- Who has the turn to write, since when, and for how long it has not been heard of. No row before the first turn.
CREATE OR REPLACE FUNCTION who_writes(
    p_owner text, OUT holder text, OUT epoch bigint, OUT since timestamptz, OUT beat_at timestamptz,
    OUT silent interval
) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.holder, w.epoch, w.since, w.beat_at, clock_timestamp() - w.beat_at FROM writers w WHERE w.owner = p_owner
$$;
