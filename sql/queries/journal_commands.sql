-- A person's orders that an instant took up.
SELECT client_order_id, instant, symbol, side, quantity
FROM commands WHERE strategy_id = %(strategy_id)s AND instant IS NOT NULL ORDER BY instant, symbol
