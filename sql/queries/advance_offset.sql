INSERT INTO offsets AS o (consumer_group, broker, topic, partition, next_offset)
SELECT %(group)s, p.broker, p.topic, p.partition, p.next_offset
FROM unnest(%(brokers)s::text[], %(topics)s::text[], %(partitions)s::integer[], %(next_offsets)s::bigint[])
AS p (broker, topic, partition, next_offset)
ON CONFLICT (consumer_group, broker, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset WHERE o.next_offset < excluded.next_offset
