-- a * b / d on exact decimals, rounded half away from zero to 10^-4: domain's mul_div for money and prices.
-- NUMERIC's own division rounds early, so the quotient is taken on whole numbers.
CREATE OR REPLACE FUNCTION mul_div(a numeric, b numeric, d numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    product numeric := a * b * 10000;
    quotient numeric;
BEGIN
    IF d <= 0 THEN
        RAISE EXCEPTION 'mul_div: the divisor must be positive' USING ERRCODE = 'TW002';
    END IF;
    quotient := div(2 * abs(product) + d, 2 * d);
    IF quotient > 9223372036854775807 THEN
        RAISE EXCEPTION 'mul_div: the result passes 64 bits' USING ERRCODE = 'TW003';
    END IF;
    RETURN sign(product) * quotient * 0.0001;
END
$$;
