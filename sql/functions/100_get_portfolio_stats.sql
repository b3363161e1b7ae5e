-- The account in one row: what it is worth, what it earned, its deepest fall from a peak (marked, a share of the peak).
CREATE OR REPLACE FUNCTION get_portfolio_stats(
    p_strategy_id text,
    OUT equity numeric, OUT cash numeric, OUT portfolio_value numeric, OUT realized_pnl_gross numeric, OUT fees numeric,
    OUT unrealized_pnl numeric, OUT total_return numeric, OUT max_drawdown numeric, OUT fills bigint,
    OUT open_positions bigint
) LANGUAGE sql STABLE AS $$
    SELECT
        a.cash + a.portfolio_value, a.cash, a.portfolio_value, a.realized_pnl_gross, a.fees,
        a.cash + a.portfolio_value - a.initial_cash - a.realized_pnl_gross + a.fees,
        round((a.cash + a.portfolio_value) / a.initial_cash - 1, 8),
        a.max_drawdown,
        a.fills,
        (SELECT count(*) FROM positions p WHERE p.strategy_id = p_strategy_id AND p.quantity <> 0)
    FROM account a WHERE a.strategy_id = p_strategy_id
$$;
