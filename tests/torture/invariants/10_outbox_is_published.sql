-- Every outbox row is on its topic at least once, as it was written, and the first copies of each key's rows are there in
-- the order of the outbox. Nothing is on those topics that was never in the outbox.
WITH found AS (
    SELECT o.outbox_id, o.topic, o.key, o.published_at, m.partition, min(m."offset") AS first
    FROM outbox o
    JOIN torture.run r ON o.owner = r.owner
    LEFT JOIN torture.messages m
        ON m.topic = o.topic AND m.headers = o.headers AND coalesce(md5(m.value), '') = coalesce(md5(o.value), '')
            AND coalesce(md5(m.key), '') = coalesce(md5(o.key), '')
    GROUP BY o.outbox_id, o.topic, o.key, o.published_at, m.partition
)
SELECT 'not on its topic' AS wrong, outbox_id, topic, first AS "offset", NULL::bigint AS before FROM found WHERE first IS NULL
UNION ALL
SELECT 'not marked as published', outbox_id, topic, first, NULL FROM found WHERE published_at IS NULL
UNION ALL
SELECT 'out of order', outbox_id, topic, first, before
FROM (
    SELECT *, lag(first) OVER (PARTITION BY topic, key, partition ORDER BY outbox_id) AS before
    FROM found WHERE key IS NOT NULL
) f
WHERE first < before
UNION ALL
SELECT 'its key is in two partitions', min(outbox_id), topic, NULL, NULL
FROM found WHERE key IS NOT NULL AND partition IS NOT NULL
GROUP BY topic, key HAVING count(DISTINCT partition) > 1
