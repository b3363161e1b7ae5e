-- Whoever holds an old epoch may write on: neither transactions nor the heartbeat look at it.
CREATE OR REPLACE FUNCTION check_epoch(p_owner text, p_epoch bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT $$;

CREATE OR REPLACE FUNCTION beat(p_owner text, p_epoch bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE writers SET beat_at = clock_timestamp() WHERE owner = p_owner AND epoch = p_epoch RETURNING true
$$;
