-- One position's average price and profit; unrealized at its mark, before fees.
CREATE OR REPLACE FUNCTION calculate_position_pnl(
    p_strategy_id text, p_symbol text,
    OUT avg_px numeric, OUT realized_pnl_gross numeric, OUT fees numeric, OUT realized_pnl numeric,
    OUT unrealized_pnl numeric
) LANGUAGE sql STABLE AS $$
    SELECT
        CASE WHEN quantity <> 0 THEN mul_div(abs(cost), 1, abs(quantity)) END,
        realized_pnl_gross, fees, realized_pnl_gross - fees, market_value - cost
    FROM positions WHERE strategy_id = p_strategy_id AND symbol = p_symbol
$$;
