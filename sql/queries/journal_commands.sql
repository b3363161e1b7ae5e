-- A person's orders and cancels that instants took up.
SELECT client_order_id, instant, symbol, side, coalesce(quantity * 100000000, 0)::bigint,
    coalesce(stop_price * 10000, 0)::bigint, coalesce(target_price * 10000, 0)::bigint
FROM commands
WHERE strategy_id = %(strategy_id)s AND outcome = 'TAKEN' AND instant > %(after)s AND instant <= %(through)s
ORDER BY instant, symbol, kind
