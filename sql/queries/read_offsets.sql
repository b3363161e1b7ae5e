SELECT topic, partition, next_offset
FROM offsets JOIN unnest(%(topics)s::text[], %(brokers)s::text[]) AS t (topic, broker) USING (topic, broker)
WHERE consumer_group = %(group)s
