-- The writer's heartbeat. Returns whether it still has the turn: nobody has raised the epoch, and the session that
-- holds the lock lives.
CREATE OR REPLACE FUNCTION beat(p_owner text, p_epoch bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    leader writers;
BEGIN
    UPDATE writers SET beat_at = clock_timestamp() WHERE owner = p_owner AND epoch = p_epoch RETURNING * INTO leader;
    RETURN FOUND
        AND p_epoch = (SELECT e.epoch FROM epochs e WHERE e.owner = p_owner)
        AND (
            leader.backend_start IS NULL
            OR EXISTS (
                SELECT FROM pg_stat_activity a
                WHERE a.pid = leader.backend_pid AND a.backend_start = leader.backend_start
            )
        );
END
$$;
