-- Takes the turn to write for an owner where nobody has it: session lock, epoch and description in one statement, so
-- that no process can be stopped between them. Returns the new epoch, NULL while another session holds the lock.
CREATE OR REPLACE FUNCTION take_turn(p_owner text, p_holder text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken bigint;
BEGIN
    IF NOT pg_try_advisory_lock(hashtextextended(p_owner, 0)) THEN
        RETURN NULL;
    END IF;
    taken := raise_epoch(p_owner, p_holder);
    INSERT INTO writers AS w (owner, epoch, holder, backend_pid, backend_start)
    SELECT p_owner, taken, p_holder, a.pid, a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()
    ON CONFLICT (owner) DO UPDATE
    SET epoch = excluded.epoch, holder = excluded.holder, backend_pid = excluded.backend_pid,
        backend_start = excluded.backend_start, since = excluded.since, beat_at = excluded.beat_at;
    RETURN taken;
END
$$;
