INSERT INTO commands (client_order_id, strategy_id, symbol, side, quantity)
VALUES (%(client_order_id)s, %(strategy_id)s, %(symbol)s, %(side)s, %(quantity)s)
