INSERT INTO offsets AS o (consumer_group, broker, topic, partition, next_offset)
SELECT %(group)s, p.broker, p.topic, p.partition, p.next_offset
FROM json_to_recordset(%(positions)s) AS p (broker text, topic text, partition integer, next_offset bigint)
ON CONFLICT (consumer_group, broker, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset WHERE o.next_offset < excluded.next_offset
