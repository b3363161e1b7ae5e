-- The positions in the rule book's integers.
SELECT symbol, (quantity * 100000000)::bigint, (cost * 10000)::bigint, (mark * 10000)::bigint,
    coalesce(stop_price * 10000, 0)::bigint, coalesce(target_price * 10000, 0)::bigint,
    coalesce(peak * 10000, 0)::bigint, coalesce((extract(EPOCH FROM stopped_at) * 1000000)::bigint, 0),
    coalesce(earned * 10000, 0)::bigint
FROM positions WHERE strategy_id = %(strategy_id)s
