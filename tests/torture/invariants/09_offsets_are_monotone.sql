-- Stored offsets only rise while the torture goes on, and end exactly where the topics end. A crash of the database may
-- forget the last of them, with all that was journaled with them: a receive doesn't wait for the disk.
SELECT 'fell' AS wrong, topic, partition, before, next_offset
FROM (
    SELECT *, lag(next_offset) OVER (PARTITION BY server_start, broker, topic, partition ORDER BY number) AS before
    FROM torture.offset_samples
) s
WHERE next_offset < before
UNION ALL
SELECT 'does not end where the topic ends', topic, partition, e.next_offset, o.next_offset
FROM torture.ends e
FULL JOIN (
    SELECT topic, partition, next_offset FROM offsets o JOIN torture.run r ON o.consumer_group = r.owner
) o USING (topic, partition)
WHERE coalesce(e.next_offset, 0) <> coalesce(o.next_offset, 0)
