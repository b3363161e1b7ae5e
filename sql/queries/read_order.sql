SELECT client_order_id, symbol, side, origin, signal_id, quantity, filled_qty, avg_px, status, decided_at, decision_px,
    reason, reason_value, reason_limit, created_at, updated_at
FROM orders WHERE strategy_id = %(strategy_id)s AND client_order_id = %(client_order_id)s
