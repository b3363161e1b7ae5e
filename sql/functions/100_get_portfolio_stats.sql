-- The account in one row: what it is worth, what it earned, its deepest fall from a peak (marked, a share of the peak).
CREATE OR REPLACE FUNCTION get_portfolio_stats(
    p_strategy_id text,
    OUT equity numeric, OUT cash numeric, OUT portfolio_value numeric, OUT realized_pnl_gross numeric, OUT fees numeric,
    OUT unrealized_pnl numeric, OUT total_return numeric, OUT max_drawdown numeric, OUT fills bigint,
    OUT open_positions bigint
) LANGUAGE sql STABLE AS $$
    WITH peaks AS (
        SELECT s.equity, greatest(a.initial_cash, max(s.equity) OVER (ORDER BY s.instant)) AS peak
        FROM portfolio_snapshots s JOIN account a USING (strategy_id)
        WHERE s.strategy_id = p_strategy_id
    )
    SELECT
        a.cash + a.portfolio_value, a.cash, a.portfolio_value, a.realized_pnl_gross, a.fees,
        a.cash + a.portfolio_value - a.initial_cash - a.realized_pnl_gross + a.fees,
        round((a.cash + a.portfolio_value) / a.initial_cash - 1, 8),
        (SELECT round(min(p.equity / p.peak - 1), 8) FROM peaks p),
        (SELECT count(*) FROM trades t WHERE t.strategy_id = p_strategy_id),
        (SELECT count(*) FROM positions p WHERE p.strategy_id = p_strategy_id AND p.quantity > 0)
    FROM account a WHERE a.strategy_id = p_strategy_id
$$;
