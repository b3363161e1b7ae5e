-- The span of time that one partition holds, and its label: a decade before 2020, a year since. Migration 0003 says
-- why.
CREATE OR REPLACE FUNCTION partition_span(
    p_instant timestamptz, OUT lower_bound timestamptz, OUT upper_bound timestamptz, OUT label text
) LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    first_year integer := extract(year FROM p_instant AT TIME ZONE 'UTC');
    years integer := 1;
BEGIN
    label := first_year::text;
    IF first_year < 2020 THEN
        years := 10;
        first_year := first_year - first_year % 10;
        label := first_year || 's';
    END IF;
    lower_bound := make_timestamptz(first_year, 1, 1, 0, 0, 0, 'UTC');
    upper_bound := make_timestamptz(first_year + years, 1, 1, 0, 0, 0, 'UTC');
END
$$;

-- The partitions of a table and their bounds; DEFAULT, which has none, is left out.
CREATE OR REPLACE FUNCTION list_partitions(
    p_parent text, OUT partition_name text, OUT lower_bound timestamptz, OUT upper_bound timestamptz
) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
    SELECT
        c.relname::text,
        (regexp_match(b.bounds, 'FROM \(''([^'']+)''\)'))[1]::timestamptz,
        (regexp_match(b.bounds, 'TO \(''([^'']+)''\)'))[1]::timestamptz
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bounds) b
    WHERE i.inhparent = p_parent::regclass AND b.bounds <> 'DEFAULT'
$$;

-- A part of portfolio_snapshots comes and goes with account locked, for its foreign key. Decisions write account before
-- their snapshot: locked in the same order here, nobody waits in a circle.
CREATE OR REPLACE FUNCTION lock_for_partitions(p_parent text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF p_parent = 'portfolio_snapshots' THEN
        LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
    END IF;
END
$$;

-- Makes the partition of the span that an instant lies in, moves into it what fell into DEFAULT meanwhile, and returns
-- its name and how many rows that were; no row where a partition is there, or one of other bounds is in the way.
CREATE OR REPLACE FUNCTION make_partition(
    p_parent text, p_key text, p_instant timestamptz, OUT partition_name text, OUT moved bigint
) RETURNS SETOF record
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    span record;
    left_behind text := p_parent || '_default';
    waiting boolean;
    copies integer := 1;
BEGIN
    SELECT * INTO span FROM partition_span(p_instant);
    PERFORM FROM list_partitions(p_parent) p
    WHERE p.lower_bound < span.upper_bound AND p.upper_bound > span.lower_bound;
    IF FOUND THEN
        RETURN;
    END IF;
    partition_name := p_parent || '_' || span.label;
    WHILE to_regclass(partition_name) IS NOT NULL LOOP
        -- One that was detached keeps its name.
        copies := copies + 1;
        partition_name := format('%s_%s_%s', p_parent, span.label, copies);
    END LOOP;
    PERFORM lock_for_partitions(p_parent);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= $1 AND %2$I < $2)', left_behind, p_key)
    INTO waiting USING span.lower_bound, span.upper_bound;
    IF waiting THEN
        -- Who has planned a query before the move and runs it afterwards would look for the rows where they were.
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', p_parent);
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition_name, p_parent);
    EXECUTE format(
        'WITH taken AS (DELETE FROM %I WHERE %I >= $1 AND %2$I < $2 RETURNING *) '
        'INSERT INTO %I SELECT * FROM taken',
        left_behind, p_key, partition_name
    ) USING span.lower_bound, span.upper_bound;
    GET DIAGNOSTICS moved = ROW_COUNT;
    EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        p_parent, partition_name, span.lower_bound, span.upper_bound
    );
    RETURN NEXT;
END
$$;

-- Keeps the partitions of one table, as maintain_partitions says.
CREATE OR REPLACE FUNCTION maintain_partitions_of(
    p_parent text, p_key text, p_ahead interval, p_keep interval,
    OUT partition_name text, OUT action text, OUT moved bigint
) RETURNS SETOF record
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    kept_from timestamptz := coalesce(now() - p_keep, '-infinity');
    at timestamptz := now();
    old record;
BEGIN
    action := 'MADE';
    WHILE at <= now() + p_ahead LOOP
        FOR partition_name, moved IN SELECT * FROM make_partition(p_parent, p_key, at) LOOP
            RETURN NEXT;
        END LOOP;
        SELECT s.upper_bound INTO at FROM partition_span(at) s;
    END LOOP;
    at := 'infinity';
    LOOP
        EXIT WHEN moved > 0;
        EXECUTE format('SELECT max(%I) FROM %I WHERE %1$I >= $1 AND %1$I < $2', p_key, p_parent || '_default')
        INTO at USING kept_from, at;
        EXIT WHEN at IS NULL;
        FOR partition_name, moved IN SELECT * FROM make_partition(p_parent, p_key, at) LOOP
            RETURN NEXT;
        END LOOP;
        SELECT s.lower_bound INTO at FROM partition_span(at) s;
    END LOOP;
    action := 'DETACHED';
    moved := 0;
    FOR old IN SELECT * FROM list_partitions(p_parent) p WHERE p.upper_bound <= kept_from ORDER BY p.lower_bound LOOP
        PERFORM lock_for_partitions(p_parent);
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', p_parent, old.partition_name);
        partition_name := old.partition_name;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Keeps the partitions of market_data and portfolio_snapshots: makes those from now to p_ahead from now, and those of
-- rows that fell into DEFAULT; detaches, and drops none of, those that ended before p_keep ago (NULL keeps all), and
-- returns what it did. Of each table it moves the rows of one span at most, so that nobody waits long: call it again
-- while it moves any. A lock that isn't had within a second is an error (55P03), to be tried again later. Does nothing
-- where another call is at it. Refuses a p_ahead above ten years and a p_keep below one (TW009).
CREATE OR REPLACE FUNCTION maintain_partitions(
    p_ahead interval, p_keep interval DEFAULT NULL, OUT partition_name text, OUT action text, OUT moved bigint
) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC'
SET lock_timeout = '1s' AS $$
BEGIN
    IF p_ahead NOT BETWEEN interval '0' AND interval '10 years' OR p_keep < interval '1 year' THEN
        RAISE EXCEPTION 'maintain_partitions: % ahead is not from 0 to 10 years, or % kept is less than a year',
            p_ahead, p_keep USING ERRCODE = 'TW009';
    END IF;
    IF pg_try_advisory_xact_lock(hashtextextended('maintain_partitions', 0)) THEN
        RETURN QUERY SELECT * FROM maintain_partitions_of('portfolio_snapshots', 'instant', p_ahead, p_keep);
        RETURN QUERY SELECT * FROM maintain_partitions_of('market_data', 'close_time', p_ahead, p_keep);
    END IF;
END
$$;
