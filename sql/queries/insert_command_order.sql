INSERT INTO orders (client_order_id, strategy_id, symbol, side, origin, quantity, status)
VALUES (%(client_order_id)s, %(strategy_id)s, %(symbol)s, %(side)s, 'COMMAND', %(quantity)s, 'INITIALIZED')
ON CONFLICT (client_order_id) DO NOTHING
