-- A price made worse for its side by the slippage, as domain.rules.fills.slipped_price.
CREATE OR REPLACE FUNCTION slipped_price(p_side text, p_price numeric, p_slippage numeric, p_points numeric)
RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE p_side
        WHEN 'BUY' THEN p_price + mul_div(p_price, p_slippage, 1) + p_points
        ELSE greatest(0.0001, p_price - mul_div(p_price, p_slippage, 1) - p_points)
    END
$$;
