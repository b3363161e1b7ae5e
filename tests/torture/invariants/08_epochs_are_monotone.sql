-- Epochs only rise, each by one; instants are decided in their order under epochs that never fall; and nothing is
-- decided under an epoch after the next one was raised.
WITH epochs AS (
    SELECT epoch, raised_at, lag(epoch) OVER w AS before, lead(raised_at) OVER w AS over_at
    FROM torture.epochs WINDOW w AS (ORDER BY number)
),
decided AS (
    SELECT instant, epoch, decided_at, lag(epoch) OVER w AS before, lag(decided_at) OVER w AS decided_before
    FROM instants JOIN torture.run USING (strategy_id)
    WINDOW w AS (ORDER BY instant)
)
SELECT 'raised out of order' AS wrong, NULL::timestamptz AS instant, epoch, raised_at AS at
FROM epochs WHERE epoch <> coalesce(before, 0) + 1
UNION ALL
SELECT 'decided under a lower epoch than the instant before', instant, epoch, decided_at FROM decided WHERE epoch < before
UNION ALL
SELECT 'decided before the instant before', instant, epoch, decided_at FROM decided WHERE decided_at < decided_before
UNION ALL
SELECT 'decided outside of its epoch', d.instant, d.epoch, d.decided_at
FROM decided d LEFT JOIN epochs e USING (epoch)
WHERE e.epoch IS NULL OR d.decided_at < e.raised_at OR d.decided_at > e.over_at
