-- What each account has, and the same added up again from its postings, positions and orders: where agrees is false,
-- something was changed past the procedures.
CREATE VIEW analytics.account_balances AS
SELECT
    a.strategy_id,
    a.currency,
    a.initial_cash,
    a.cash,
    a.reserved,
    a.margin,
    a.cash - a.reserved - a.margin AS free_cash,
    a.portfolio_value,
    a.cash + a.portfolio_value AS equity,
    a.realized_pnl_gross,
    a.fees,
    a.realized_pnl_gross - a.fees AS realized_pnl,
    held.unrealized_pnl,
    round((a.cash + a.portfolio_value) / a.initial_cash - 1, 8) AS total_return,
    a.max_drawdown,
    posted.cash AS posted_cash,
    posted.realized_pnl_gross AS posted_realized_pnl_gross,
    posted.fees AS posted_fees,
    posted.cost AS posted_cost,
    (
        posted.initial_cash, posted.cash, posted.realized_pnl_gross, posted.fees, posted.cost, working.reserved,
        held.margin, held.market_value, a.cash + a.portfolio_value
    ) = (
        a.initial_cash, a.cash, a.realized_pnl_gross, a.fees, held.cost, a.reserved,
        a.margin, a.portfolio_value, a.initial_cash + a.realized_pnl_gross - a.fees + held.unrealized_pnl
    ) AS agrees
FROM account a
CROSS JOIN LATERAL (
    SELECT
        coalesce(-sum(e.amount) FILTER (WHERE e.ledger_account = 'CAPITAL'), 0) AS initial_cash,
        coalesce(sum(e.amount) FILTER (WHERE e.ledger_account = 'CASH'), 0) AS cash,
        coalesce(
            -sum(e.amount) FILTER (WHERE e.ledger_account IN ('REALIZED_PNL', 'DIVIDENDS')), 0
        ) AS realized_pnl_gross,
        coalesce(sum(e.amount) FILTER (WHERE e.ledger_account = 'FEES'), 0) AS fees,
        coalesce(sum(e.amount) FILTER (WHERE e.ledger_account = 'POSITIONS'), 0) AS cost
    FROM ledger_entries e WHERE e.strategy_id = a.strategy_id
) posted
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(p.cost), 0) AS cost,
        coalesce(sum(2 * greatest(0, -p.cost)), 0) AS margin,
        coalesce(sum(p.market_value), 0) AS market_value,
        coalesce(sum(p.market_value - p.cost), 0) AS unrealized_pnl
    FROM positions p WHERE p.strategy_id = a.strategy_id
) held
CROSS JOIN LATERAL (
    SELECT coalesce(sum(o.reserved), 0) AS reserved FROM orders o WHERE o.strategy_id = a.strategy_id
) working;
