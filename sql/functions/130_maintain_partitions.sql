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

-- The spans that a table wants a partition for: from now to p_ahead from now, and those of rows in DEFAULT that are not
-- older than p_kept_from. One that a partition of other bounds reaches into is left out.
CREATE OR REPLACE FUNCTION list_wanted_spans(
    p_parent text, p_key text, p_ahead interval, p_kept_from timestamptz,
    OUT lower_bound timestamptz, OUT upper_bound timestamptz, OUT label text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    wanted timestamptz[] := '{}';
    at timestamptz := now();
BEGIN
    WHILE at <= now() + p_ahead LOOP
        wanted := wanted || at;
        SELECT s.upper_bound INTO at FROM partition_span(at) s;
    END LOOP;
    at := 'infinity';
    LOOP
        EXECUTE format('SELECT max(%I) FROM %I WHERE %1$I >= $1 AND %1$I < $2', p_key, p_parent || '_default')
        INTO at USING p_kept_from, at;
        EXIT WHEN at IS NULL;
        wanted := wanted || at;
        SELECT s.lower_bound INTO at FROM partition_span(at) s;
    END LOOP;
    RETURN QUERY
    SELECT DISTINCT s.* FROM unnest(wanted) AS w (instant) CROSS JOIN LATERAL partition_span(w.instant) s
    WHERE NOT EXISTS (
        SELECT FROM list_partitions(p_parent) p
        WHERE p.lower_bound < s.upper_bound AND p.upper_bound > s.lower_bound
    );
END
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

-- Makes the table that becomes the partition of a span, with its indexes, and copies the span's rows out of DEFAULT:
-- what takes long, and locks nobody out. Returns its name and how many rows that were.
CREATE OR REPLACE FUNCTION copy_span(
    p_parent text, p_key text, p_lower timestamptz, p_upper timestamptz, p_label text,
    OUT partition_name text, OUT copied bigint
) LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    copies integer := 1;
BEGIN
    partition_name := p_parent || '_' || p_label;
    WHILE to_regclass(partition_name) IS NOT NULL LOOP
        -- One that was detached keeps its name.
        copies := copies + 1;
        partition_name := format('%s_%s_%s', p_parent, p_label, copies);
    END LOOP;
    EXECUTE format('CREATE TABLE public.%I (LIKE %I INCLUDING ALL)', partition_name, p_parent);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %I >= $1 AND %3$I < $2', partition_name,
        p_parent || '_default', p_key) USING p_lower, p_upper;
    GET DIAGNOSTICS copied = ROW_COUNT;
    -- With this known, nothing is read to attach it.
    EXECUTE format(
        'ALTER TABLE %1$I ADD CONSTRAINT span CHECK (%2$I IS NOT NULL AND %2$I >= %3$L AND %2$I < %4$L)',
        partition_name, p_key, p_lower, p_upper
    );
END
$$;

-- Takes the rows that were copied out of DEFAULT, the table locked. Where others have come since, they are copied too.
CREATE OR REPLACE FUNCTION empty_default(p_parent text, p_key text, p_names text[], p_lowers timestamptz[],
    p_uppers timestamptz[], p_copied bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    left_behind text := p_parent || '_default';
    waiting bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %I', left_behind) INTO waiting;
    IF waiting = p_copied THEN
        EXECUTE format('TRUNCATE %I', left_behind);
        RETURN;
    END IF;
    FOR n IN 1..cardinality(p_names) LOOP
        EXECUTE format(
            'WITH taken AS (DELETE FROM %I WHERE %I >= $1 AND %2$I < $2 RETURNING *) '
            'INSERT INTO %I SELECT * FROM taken ON CONFLICT DO NOTHING',
            left_behind, p_key, p_names[n]
        ) USING p_lowers[n], p_uppers[n];
    END LOOP;
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
    names text[] := '{}';
    lowers timestamptz[] := '{}';
    uppers timestamptz[] := '{}';
    counts bigint[] := '{}';
    all_copied bigint := 0;
    span record;
    old record;
BEGIN
    FOR span IN SELECT * FROM list_wanted_spans(p_parent, p_key, p_ahead, kept_from) w ORDER BY w.lower_bound LOOP
        SELECT * INTO partition_name, moved
        FROM copy_span(p_parent, p_key, span.lower_bound, span.upper_bound, span.label);
        names := names || partition_name;
        lowers := lowers || span.lower_bound;
        uppers := uppers || span.upper_bound;
        counts := counts || moved;
        all_copied := all_copied + moved;
    END LOOP;
    IF cardinality(names) > 0 THEN
        PERFORM lock_for_partitions(p_parent);
    END IF;
    IF all_copied > 0 THEN
        -- Who has planned a query before the move and runs it afterwards would look for the rows where they were.
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', p_parent);
        PERFORM empty_default(p_parent, p_key, names, lowers, uppers, all_copied);
    END IF;
    action := 'MADE';
    FOR n IN 1..cardinality(names) LOOP
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', p_parent, names[n], lowers[n], uppers[n]
        );
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT span', names[n]);
        partition_name := names[n];
        moved := counts[n];
        RETURN NEXT;
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

-- Keeps the partitions of market_data and portfolio_snapshots, or of p_parent alone: makes those from now to p_ahead
-- from now, and those of rows that fell into DEFAULT, which move there; detaches, and drops none of, those that ended
-- before p_keep ago (NULL keeps all), and returns what it did. Tables are locked at the end only, when everything is
-- copied. A lock that isn't had within a second is an error (55P03), and nothing is done: to be tried again later. Does
-- nothing where another call is at it. Refuses a p_ahead above ten years and a p_keep below one (TW009).
CREATE OR REPLACE FUNCTION maintain_partitions(
    p_ahead interval, p_keep interval DEFAULT NULL, p_parent text DEFAULT NULL,
    OUT partition_name text, OUT action text, OUT moved bigint
) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC'
SET lock_timeout = '1s' AS $$
BEGIN
    IF p_ahead NOT BETWEEN interval '0' AND interval '10 years' OR p_keep < interval '1 year' THEN
        RAISE EXCEPTION 'maintain_partitions: % ahead is not from 0 to 10 years, or % kept is less than a year',
            p_ahead, p_keep USING ERRCODE = 'TW009';
    END IF;
    IF pg_try_advisory_xact_lock(hashtextextended('maintain_partitions', 0)) THEN
        RETURN QUERY
        SELECT m.* FROM (VALUES ('portfolio_snapshots', 'instant'), ('market_data', 'close_time')) AS t (parent, key)
        CROSS JOIN LATERAL maintain_partitions_of(t.parent, t.key, p_ahead, p_keep) m
        WHERE t.parent = coalesce(p_parent, t.parent);
    END IF;
END
$$;
