-- Marked equity at the end of each session, and its return since the session before, the first since the start. A
-- session is a UTC day; an instant at midnight belongs to the day before.
CREATE VIEW analytics.daily_returns AS
SELECT
    s.strategy_id,
    s.session,
    s.instant,
    s.equity,
    s.equity - s.equity_before AS pnl,
    CASE WHEN s.equity_before > 0 THEN round(s.equity / s.equity_before - 1, 12) END AS session_return,
    CASE WHEN s.peak > 0 THEN round(s.equity / s.peak - 1, 12) END AS drawdown,
    CASE WHEN s.equity > 0 THEN round(s.portfolio_value / s.equity, 8) END AS exposure,
    s.cash,
    s.realized_pnl_gross,
    s.unrealized_pnl,
    s.fees
FROM (
    SELECT
        l.*,
        lag(l.equity, 1, a.initial_cash) OVER (PARTITION BY l.strategy_id ORDER BY l.session) AS equity_before,
        greatest(
            a.initial_cash, max(l.equity) OVER (PARTITION BY l.strategy_id ORDER BY l.session)
        ) AS peak
    FROM (
        SELECT DISTINCT ON (p.strategy_id, d.session) p.*, d.session
        FROM portfolio_snapshots p
        CROSS JOIN LATERAL (SELECT ((p.instant - interval '1 microsecond') AT TIME ZONE 'UTC')::date AS session) d
        ORDER BY p.strategy_id, d.session, p.instant DESC
    ) l
    JOIN account a USING (strategy_id)
) s;
