-- Every poisonous message is among the dead letters, whole, with where it lay; nothing else is.
WITH letters AS (
    SELECT headers ->> 'topic' AS topic, (headers ->> 'partition')::integer AS partition,
        (headers ->> 'offset')::bigint AS "offset", m.value, m.key
    FROM torture.messages m JOIN torture.run r ON m.headers ->> 'group' = r.owner
    WHERE m.topic LIKE '%.dlq'
),
poison AS (
    SELECT topic, partition, "offset", value, key, headers ->> 'poison' AS run
    FROM torture.messages WHERE headers ? 'poison' AND topic NOT LIKE '%.dlq'
)
SELECT 'not buried' AS wrong, topic, partition, "offset"
FROM poison p
JOIN torture.run r ON p.run = r.strategy_id
WHERE NOT EXISTS (
    SELECT FROM letters l
    WHERE (l.topic, l.partition, l."offset") = (p.topic, p.partition, p."offset")
        AND l.value IS NOT DISTINCT FROM p.value AND l.key IS NOT DISTINCT FROM p.key
)
UNION ALL
SELECT 'buried alive', topic, partition, "offset"
FROM letters l
WHERE NOT EXISTS (
    SELECT FROM poison p WHERE (l.topic, l.partition, l."offset") = (p.topic, p.partition, p."offset")
)
