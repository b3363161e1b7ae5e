SELECT client_order_id, symbol, side, quantity, reserved, decided_at, origin
FROM orders
WHERE strategy_id = %(strategy_id)s AND status IN ('SUBMITTED', 'ACCEPTED', 'PARTIALLY_FILLED')
