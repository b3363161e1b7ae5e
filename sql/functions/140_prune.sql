-- Deletes an owner's outbox rows that were published before p_before and that no reader needs any more, p_most at the
-- most, and returns how many. It is the counterpart of the query publish_again, and what that would publish again
-- stays: whatever is newer than some reader's watermark, and everything with an instant where there are no readers or
-- one of them has no watermark yet. A message without an instant (a dead letter) is never published again.
CREATE OR REPLACE FUNCTION prune_outbox(p_owner text, p_readers text[], p_before timestamptz, p_most integer)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done timestamptz;
    pruned integer;
BEGIN
    SELECT coalesce(min(coalesce(w.instant, '-infinity')), '-infinity') INTO done
    FROM unnest(p_readers) AS r (owner) LEFT JOIN watermarks w ON w.owner = r.owner;
    DELETE FROM outbox WHERE outbox_id IN (
        SELECT o.outbox_id FROM outbox o
        WHERE o.owner = p_owner AND (o.instant <= done OR o.instant IS NULL) AND o.published_at < p_before
        LIMIT p_most
    );
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END
$$;

-- Forgets the idempotency keys made before p_before, and returns how many. A request under a key that is forgotten is a
-- new one; less than a day is refused (TW009).
CREATE OR REPLACE FUNCTION prune_idempotency_keys(p_before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pruned integer;
BEGIN
    IF p_before > now() - interval '1 day' THEN
        RAISE EXCEPTION 'prune_idempotency_keys: % is less than a day ago', p_before USING ERRCODE = 'TW009';
    END IF;
    DELETE FROM idempotency_keys WHERE created_at < p_before;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END
$$;

-- Deletes backtests that ended before p_before, the oldest first, p_most at the most, and returns how many. What waits
-- or runs stays, however old it is. Less than a day is refused (TW009).
CREATE OR REPLACE FUNCTION prune_backtests(p_before timestamptz, p_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pruned integer;
BEGIN
    IF p_before > now() - interval '1 day' THEN
        RAISE EXCEPTION 'prune_backtests: % is less than a day ago', p_before USING ERRCODE = 'TW009';
    END IF;
    DELETE FROM backtests WHERE id IN (
        SELECT b.id FROM backtests b
        WHERE b.finished_at < p_before ORDER BY b.finished_at LIMIT p_most FOR UPDATE SKIP LOCKED
    );
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END
$$;
