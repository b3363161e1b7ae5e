SELECT outbox_id, topic, key, value, headers, added_at FROM outbox
WHERE owner = %(owner)s AND published_at IS NULL
ORDER BY outbox_id LIMIT %(limit)s
