-- Every transaction of a writer begins here: a writer whose epoch was raised past it can change nothing.
CREATE OR REPLACE FUNCTION check_epoch(p_owner text, p_epoch bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    current bigint;
BEGIN
    SELECT epoch INTO current FROM epochs WHERE owner = p_owner FOR SHARE;
    IF current IS DISTINCT FROM p_epoch THEN
        RAISE EXCEPTION 'epoch % of % is over: the current one is %', p_epoch, p_owner, current
            USING ERRCODE = 'TW001';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION raise_epoch(p_owner text, p_holder text) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO epochs AS e (owner, epoch, holder) VALUES (p_owner, 1, p_holder)
    ON CONFLICT (owner) DO UPDATE
    SET epoch = e.epoch + 1, holder = excluded.holder, raised_at = clock_timestamp()
    RETURNING epoch
$$;
