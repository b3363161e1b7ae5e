-- The oldest command that waits, for each symbol.
SELECT DISTINCT ON (symbol) client_order_id, symbol, side, quantity
FROM commands WHERE strategy_id = %(strategy_id)s AND instant IS NULL
ORDER BY symbol, received
