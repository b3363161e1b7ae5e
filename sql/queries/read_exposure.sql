-- The limits on one symbol and how much of them each symbol held uses; what is switched off is NULL.
SELECT p.symbol, p.cost, l.position_limit, round(abs(p.cost) / nullif(l.position_limit, 0), 8) AS position_use,
    p.market_value, l.concentration_limit,
    round(abs(p.market_value) / nullif(l.concentration_limit, 0), 8) AS concentration_use
FROM account a
JOIN strategies s USING (strategy_id)
JOIN positions p USING (strategy_id)
CROSS JOIN LATERAL (
    SELECT mul_div(a.marked_equity, nullif(s.max_position, 0), 1) AS position_limit,
        mul_div(a.marked_equity, nullif(s.max_concentration, 0), 1) AS concentration_limit
) l
WHERE strategy_id = %(strategy_id)s AND p.quantity <> 0
ORDER BY p.symbol
