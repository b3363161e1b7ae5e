UPDATE outbox SET published_at = clock_timestamp()
WHERE owner = %(owner)s AND outbox_id = ANY(%(outbox_ids)s)
