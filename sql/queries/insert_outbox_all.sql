-- Messages of one topic, in order.
INSERT INTO outbox (owner, topic, key, value, instant)
SELECT %(owner)s, %(topic)s, m.key, m.value, m.instant
FROM unnest(%(keys)s::bytea[], %(values)s::bytea[], %(instants)s::timestamptz[])
WITH ORDINALITY AS m (key, value, instant, n)
ORDER BY m.n
