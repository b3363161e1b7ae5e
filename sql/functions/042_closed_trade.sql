-- What a signed fill leaves of a symbol's open trade, and what the trade that it closes earned (NULL where it closes
-- none), as domain.rules.trades.earn.
CREATE OR REPLACE FUNCTION closed_trade(
    p_earned numeric, p_quantity numeric, p_fill_quantity numeric, p_realized numeric, p_fee numeric,
    OUT earned numeric, OUT closed numeric
) LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    closing_fee numeric;
BEGIN
    IF p_quantity = 0 OR (p_quantity > 0) = (p_fill_quantity > 0) OR abs(p_fill_quantity) < abs(p_quantity) THEN
        earned := p_earned + p_realized - p_fee;
        RETURN;
    END IF;
    closing_fee := mul_div(p_fee, abs(p_quantity), abs(p_fill_quantity));
    closed := p_earned + p_realized - closing_fee;
    earned := closing_fee - p_fee;
END
$$;
