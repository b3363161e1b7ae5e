-- The live orders that an instant decided; a person's order that still waits is none yet.
SELECT client_order_id, symbol, side, origin, quantity, filled_qty, decided_at, decision_px, status, reason,
    reason_value, reason_limit, triggered_at
FROM orders WHERE strategy_id = %(strategy_id)s AND decided_at IS NOT NULL ORDER BY decided_at, symbol
