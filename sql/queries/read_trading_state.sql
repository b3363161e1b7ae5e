-- The trading state in force and each side's own, with why and since when. Asked for by position in the index of sides:
-- a side that never changed would else be looked for among all changes.
SELECT t.effective, v.side, v.state, coalesce(v.reason, c.reason) AS reason, c.changed_at AS since
FROM get_trading_state(%(strategy_id)s) t
CROSS JOIN LATERAL (
    VALUES
    ('MANIFEST', t.manifest, NULL), ('PERSON', t.person, t.person_reason), ('AUTOMATIC', t.automatic, NULL),
    ('FAULT', CASE WHEN t.fault IS NULL THEN 'ACTIVE' ELSE 'HALTED' END, t.fault)
) AS v (side, state, reason)
LEFT JOIN LATERAL (
    SELECT h.side, h.reason, h.changed_at FROM trading_state_changes h
    WHERE h.strategy_id = %(strategy_id)s AND (h.side, h.change_id) <= (v.side, 9223372036854775807)
    ORDER BY h.side DESC, h.change_id DESC LIMIT 1
) c ON c.side = v.side
