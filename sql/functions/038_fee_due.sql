-- What an order owes in fees once so much of it is filled, as domain.rules.fills.fee_due.
CREATE OR REPLACE FUNCTION fee_due(
    p_quantity numeric, p_notional numeric, p_fee_rate numeric, p_fee_per_unit numeric, p_fee_per_order numeric,
    p_min_fee numeric
) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF p_quantity = 0 THEN
        RETURN 0;
    END IF;
    RETURN greatest(
        mul_div(p_notional, p_fee_rate, 1) + mul_div(p_fee_per_unit, p_quantity, 1) + p_fee_per_order, p_min_fee
    );
END
$$;
