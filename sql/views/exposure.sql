-- What each desk holds as shares of its equity, against its limits. A limit of 0 is switched off, its headroom unknown.
CREATE VIEW analytics.exposure AS
SELECT
    p.strategy_id,
    p.symbol,
    p.quantity,
    p.market_value,
    a.cash + a.portfolio_value AS equity,
    CASE WHEN a.cash + a.portfolio_value > 0 THEN round(p.market_value / (a.cash + a.portfolio_value), 8) END AS share,
    CASE
        WHEN a.cash + a.portfolio_value > 0 THEN round(a.portfolio_value / (a.cash + a.portfolio_value), 8)
    END AS total_share,
    nullif(s.max_concentration, 0) AS max_concentration,
    CASE
        WHEN s.max_concentration > 0 THEN mul_div(a.marked_equity, s.max_concentration, 1) - abs(p.market_value)
    END AS concentration_headroom,
    nullif(s.max_position, 0) AS max_position,
    CASE WHEN s.max_position > 0 THEN mul_div(a.marked_equity, s.max_position, 1) - abs(p.cost) END AS position_headroom
FROM positions p
JOIN account a USING (strategy_id)
JOIN strategies s USING (strategy_id)
WHERE p.quantity <> 0;
