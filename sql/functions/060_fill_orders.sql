-- Books fills of different symbols in one statement: trades, positions, account, orders and postings. A fill whose
-- trade_id is known changes nothing. An order that stays partly open keeps its share of the cash that it had reserved,
-- at most what is free: the caller books such a fill alone.
--   p_fills: [{id, trade, quantity, price}], integers in the scales of tradewind.domain.money
CREATE OR REPLACE FUNCTION fill_orders(p_strategy_id text, p_instant timestamptz, p_fills json) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    partial record;
    kept numeric;
BEGIN
    WITH fills AS MATERIALIZED (
        SELECT o.client_order_id, o.symbol, o.side, o.quantity AS ordered, o.filled_qty, o.avg_px, o.reserved,
            o.stop_price, o.target_price, x.trade AS trade_id, x.n, q.last_qty, q.last_px, q.direction,
            mul_div(q.last_px, q.last_qty, 1) AS notional
        FROM ROWS FROM (
            json_to_recordset(p_fills) AS (id uuid, trade uuid, quantity bigint, price bigint)
        ) WITH ORDINALITY AS x (id, trade, quantity, price, n)
        -- By its own key, whatever other indexes there are.
        CROSS JOIN LATERAL (SELECT * FROM orders WHERE client_order_id = x.id OFFSET 0) o
        CROSS JOIN LATERAL (
            SELECT x.quantity * 0.00000001 AS last_qty, x.price * 0.0001 AS last_px,
                CASE o.side WHEN 'BUY' THEN 1 ELSE -1 END AS direction
        ) q
        WHERE o.strategy_id = p_strategy_id AND NOT EXISTS (SELECT FROM trades t WHERE t.trade_id = x.trade)
    ),
    priced AS MATERIALIZED (
        SELECT f.*, due.after - due.before AS fee, now_held.quantity AS held, now_held.cost,
            now_held.realized, s.allow_short, trade.earned, trade.closed,
            CASE WHEN own.bracket THEN f.stop_price WHEN own.goes_on THEN p.stop_price END AS stop,
            CASE WHEN own.bracket THEN f.target_price WHEN own.goes_on THEN p.target_price END AS target,
            CASE WHEN own.goes_on THEN p.peak END AS peak,
            2 * (greatest(0, -now_held.cost) - greatest(0, -coalesce(p.cost, 0))) AS margin
        FROM fills f
        JOIN strategies s ON s.strategy_id = p_strategy_id
        LEFT JOIN positions p ON p.strategy_id = p_strategy_id AND p.symbol = f.symbol
        CROSS JOIN LATERAL apply_fill(
            coalesce(p.quantity, 0), coalesce(p.cost, 0), f.direction * f.last_qty, f.direction * f.notional
        ) now_held
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN f.filled_qty = 0 THEN 0
                ELSE (SELECT sum(t.notional) FROM trades t WHERE t.client_order_id = f.client_order_id)
            END AS notional
        ) done
        CROSS JOIN LATERAL (
            SELECT
                fee_due(
                    f.filled_qty, done.notional, s.fee_rate, s.fee_per_unit, s.fee_per_order, s.min_fee
                ) AS before,
                fee_due(
                    f.filled_qty + f.last_qty, done.notional + f.notional, s.fee_rate, s.fee_per_unit, s.fee_per_order,
                    s.min_fee
                ) AS after
        ) due
        CROSS JOIN LATERAL (
            SELECT sign(now_held.quantity) = f.direction AND (f.stop_price IS NOT NULL OR f.target_price IS NOT NULL)
                    AS bracket,
                -- Neither closed nor turned round.
                sign(now_held.quantity) = sign(p.quantity) AS goes_on
        ) own
        -- Strict: where no trades are counted it is not called.
        CROSS JOIN LATERAL closed_trade(
            CASE WHEN s.counts_trades THEN coalesce(p.earned, 0) END, coalesce(p.quantity, 0),
            f.direction * f.last_qty, now_held.realized, due.after - due.before
        ) trade
    ),
    positioned AS (
        INSERT INTO positions AS p (
            strategy_id, symbol, quantity, cost, mark, realized_pnl_gross, fees, stop_price, target_price, peak,
            may_be_short, earned
        )
        SELECT p_strategy_id, f.symbol, f.held, f.cost, f.last_px, f.realized, f.fee, f.stop, f.target, f.peak,
            f.allow_short, f.earned
        FROM priced f
        ON CONFLICT (strategy_id, symbol) DO UPDATE
        SET quantity = excluded.quantity, cost = excluded.cost, fees = p.fees + excluded.fees,
            realized_pnl_gross = p.realized_pnl_gross + excluded.realized_pnl_gross,
            stop_price = excluded.stop_price, target_price = excluded.target_price, peak = excluded.peak,
            earned = excluded.earned
    ),
    traded AS (
        INSERT INTO trades (
            trade_id, client_order_id, strategy_id, symbol, side, last_qty, last_px, notional, fee, realized_pnl_gross,
            instant
        )
        SELECT f.trade_id, f.client_order_id, p_strategy_id, f.symbol, f.side, f.last_qty, f.last_px, f.notional, f.fee,
            f.realized, p_instant
        FROM priced f
        -- A join may hand them out in any order, and fill_number says which came first.
        ORDER BY f.n
    ),
    posted AS (
        INSERT INTO ledger_entries (strategy_id, posting, ledger_account, symbol, amount, quantity, instant)
        SELECT p_strategy_id, f.trade_id, e.ledger_account, e.symbol, e.amount, e.quantity, p_instant
        FROM priced f
        CROSS JOIN LATERAL (
            VALUES
            ('CASH', NULL, -f.direction * f.notional - f.fee, 0),
            ('POSITIONS', f.symbol, f.direction * f.notional + f.realized, f.direction * f.last_qty),
            ('FEES', NULL, f.fee, 0),
            ('REALIZED_PNL', NULL, -f.realized, 0)
        ) AS e (ledger_account, symbol, amount, quantity)
        WHERE e.ledger_account IN ('CASH', 'POSITIONS') OR e.amount <> 0
    ),
    moved AS (
        UPDATE orders o
        SET filled_qty = f.filled_qty + f.last_qty,
            avg_px = CASE
                WHEN f.filled_qty = 0 THEN f.last_px
                ELSE (
                    SELECT mul_div(sum(t.last_px * t.last_qty) + f.last_px * f.last_qty, 1, f.filled_qty + f.last_qty)
                    FROM trades t WHERE t.client_order_id = f.client_order_id
                )
            END,
            status = CASE WHEN f.filled_qty + f.last_qty = f.ordered THEN 'FILLED' ELSE 'PARTIALLY_FILLED' END,
            reserved = 0
        FROM priced f WHERE o.client_order_id = f.client_order_id
    )
    UPDATE account a
    SET cash = a.cash - d.paid - d.fee,
        reserved = a.reserved - d.freed,
        margin = a.margin + d.margin,
        realized_pnl_gross = a.realized_pnl_gross + d.realized,
        fees = a.fees + d.fee,
        fills = a.fills + d.fills,
        wins = a.wins + d.wins,
        losses = a.losses + d.losses,
        gained = a.gained + d.gained,
        lost = a.lost + d.lost
    FROM (
        SELECT sum(f.direction * f.notional) AS paid, sum(f.fee) AS fee, sum(f.reserved) AS freed,
            sum(f.margin) AS margin,
            sum(f.realized) AS realized, count(*) AS fills,
            count(*) FILTER (WHERE f.closed > 0) AS wins, count(*) FILTER (WHERE f.closed < 0) AS losses,
            coalesce(sum(f.closed) FILTER (WHERE f.closed > 0), 0) AS gained,
            coalesce(-sum(f.closed) FILTER (WHERE f.closed < 0), 0) AS lost,
            max(f.client_order_id::text) FILTER (WHERE f.reserved > 0 AND f.filled_qty + f.last_qty < f.ordered) AS id,
            max(f.reserved) AS reserved, max(f.ordered - f.filled_qty) AS unfilled, max(f.last_qty) AS last_qty
        FROM priced f
    ) d
    WHERE a.strategy_id = p_strategy_id AND d.fills > 0
    RETURNING d.id::uuid AS id, d.reserved, d.unfilled, d.last_qty, d.fills, a.cash - a.reserved - a.margin AS free
    INTO partial;
    IF partial.id IS NULL THEN
        RETURN;
    END IF;
    IF partial.fills > 1 THEN
        RAISE EXCEPTION 'order % is filled in part: its fill is booked alone', partial.id USING ERRCODE = 'TW009';
    END IF;
    kept := greatest(
        0, least(mul_div(partial.reserved, partial.unfilled - partial.last_qty, partial.unfilled), partial.free)
    );
    UPDATE orders SET reserved = kept WHERE client_order_id = partial.id;
    UPDATE account SET reserved = reserved + kept WHERE strategy_id = p_strategy_id;
END
$$;
