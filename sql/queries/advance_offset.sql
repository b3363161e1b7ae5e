INSERT INTO offsets AS o (consumer_group, broker, topic, partition, next_offset)
VALUES (%(group)s, %(broker)s, %(topic)s, %(partition)s, %(next_offset)s)
ON CONFLICT (consumer_group, broker, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset WHERE o.next_offset < excluded.next_offset
