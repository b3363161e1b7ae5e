-- How much closes move, in the rule book's integers.
SELECT symbol, (close * 10000)::bigint, (variance * 10000000000000000)::bigint, returns::integer
FROM volatilities WHERE strategy_id = %(strategy_id)s
