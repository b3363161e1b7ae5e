-- A signed fill on a signed position, as domain.rules.fills.apply_fill.
CREATE OR REPLACE FUNCTION apply_fill(
    p_quantity numeric, p_cost numeric, p_fill_quantity numeric, p_fill_notional numeric,
    OUT quantity numeric, OUT cost numeric, OUT realized numeric
) LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    closed numeric;
    closed_cost numeric;
    closed_notional numeric;
BEGIN
    quantity := p_quantity + p_fill_quantity;
    IF p_quantity = 0 OR (p_quantity > 0) = (p_fill_quantity > 0) THEN
        cost := p_cost + p_fill_notional;
        realized := 0;
        RETURN;
    END IF;
    closed := least(abs(p_quantity), abs(p_fill_quantity));
    closed_cost := mul_div(p_cost, closed, abs(p_quantity));
    closed_notional := mul_div(p_fill_notional, closed, abs(p_fill_quantity));
    realized := -closed_notional - closed_cost;
    cost := CASE
        WHEN abs(p_fill_quantity) > abs(p_quantity) THEN p_fill_notional - closed_notional
        ELSE p_cost - closed_cost
    END;
END
$$;
