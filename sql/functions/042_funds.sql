-- How much of an order opens a position or adds to one, as domain.rules.fills.opening_part.
CREATE OR REPLACE FUNCTION opening_part(p_held numeric, p_side text, p_quantity numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN p_held = 0 OR (p_held > 0) = (p_side = 'BUY') THEN p_quantity
        ELSE greatest(0, p_quantity - abs(p_held))
    END
$$;

-- What an order takes of the free cash, and what closing adds to it, as domain.rules.fills.funds.
CREATE OR REPLACE FUNCTION funds(
    p_side text, p_held numeric, p_cost numeric, p_quantity numeric, p_notional numeric, p_fee numeric,
    OUT need numeric, OUT released numeric
) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    opening numeric := opening_part(p_held, p_side, p_quantity);
    closed numeric;
BEGIN
    need := 0;
    released := 0;
    IF opening = p_quantity THEN
        need := p_notional + p_fee;
    ELSIF opening > 0 THEN
        closed := mul_div(p_notional, p_quantity - opening, p_quantity);
        need := p_notional - closed + p_fee;
        released := CASE p_side WHEN 'SELL' THEN closed ELSE -2 * p_cost - closed END;
    END IF;
END
$$;
