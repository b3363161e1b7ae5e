-- Who stopped or started the desk, newest first.
SELECT change_id, side, state, reason, instant, changed_at
FROM trading_state_changes
WHERE strategy_id = %(strategy_id)s AND change_id < %(before)s
    AND (%(side)s::text IS NULL OR side = %(side)s)
ORDER BY change_id DESC LIMIT %(limit)s
