-- What the broker refused for its size waits no longer, and is never pruned.
UPDATE outbox
SET published_at = CASE WHEN outbox_id = ANY(%(refused)s::bigint[]) THEN 'infinity' ELSE clock_timestamp() END
WHERE owner = %(owner)s AND outbox_id = ANY(%(outbox_ids)s)
