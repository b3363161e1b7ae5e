-- From a leader's end to its successor's first decision and first order, in seconds by the database's clock.
SELECT fault, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY decision), percentile_cont(0.99) WITHIN GROUP (ORDER BY decision),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ordered), percentile_cont(0.99) WITHIN GROUP (ORDER BY ordered)
FROM (
    SELECT t.fault, extract(epoch FROM i.decided_at - t.ended_at)::float8 AS decision,
        extract(epoch FROM o.created_at - t.ended_at)::float8 AS ordered
    FROM torture.takeovers t
    CROSS JOIN LATERAL (SELECT min(i.decided_at) AS decided_at FROM instants i WHERE i.epoch > t.epoch) i
    CROSS JOIN LATERAL (
        SELECT min(o.created_at) AS created_at
        FROM orders o WHERE o.created_at >= i.decided_at AND o.status <> 'INITIALIZED'
    ) o
) f
GROUP BY fault ORDER BY fault
