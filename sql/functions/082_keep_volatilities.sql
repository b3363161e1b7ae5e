-- Stores how much closes move, as the rule book has it after an instant's marks: a statistic, which moves no money.
--   p_volatilities: [{symbol, close, variance, returns}], integers, the variance of 10^-16
CREATE OR REPLACE FUNCTION keep_volatilities(p_strategy_id text, p_volatilities json) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO volatilities AS v (strategy_id, symbol, close, variance, returns)
    SELECT p_strategy_id, x.symbol, x.close * 0.0001, x.variance * 0.0000000000000001, x.returns
    FROM json_to_recordset(p_volatilities) AS x (symbol text, close bigint, variance bigint, returns smallint)
    ON CONFLICT (strategy_id, symbol) DO UPDATE
    SET close = excluded.close, variance = excluded.variance, returns = excluded.returns
    WHERE (v.close, v.variance, v.returns) <> (excluded.close, excluded.variance, excluded.returns)
$$;
