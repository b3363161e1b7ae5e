-- Books one fill: trade, position, account and order, in the caller's transaction. The same trade twice books once.
CREATE OR REPLACE FUNCTION fill_order(
    p_client_order_id uuid, p_trade_id uuid, p_last_qty numeric, p_last_px numeric, p_instant timestamptz,
    OUT fee numeric, OUT realized numeric
) LANGUAGE plpgsql AS $$
DECLARE
    placed orders;
    held positions;
    direction integer;
    notional numeric;
    now_held record;
BEGIN
    SELECT t.fee, t.realized_pnl_gross INTO fee, realized FROM trades t WHERE t.trade_id = p_trade_id;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO STRICT placed FROM orders WHERE client_order_id = p_client_order_id FOR UPDATE;
    direction := CASE placed.side WHEN 'BUY' THEN 1 ELSE -1 END;
    notional := mul_div(p_last_px, p_last_qty, 1);
    SELECT mul_div(notional, s.fee_rate, 1) INTO fee FROM strategies s WHERE s.strategy_id = placed.strategy_id;

    INSERT INTO positions (strategy_id, symbol, quantity, cost, mark)
    VALUES (placed.strategy_id, placed.symbol, 0, 0, p_last_px) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT held FROM positions p
    WHERE p.strategy_id = placed.strategy_id AND p.symbol = placed.symbol FOR UPDATE;
    SELECT * INTO now_held
    FROM apply_fill(held.quantity, held.cost, direction * p_last_qty, direction * notional);
    realized := now_held.realized;

    UPDATE account a
    SET cash = a.cash - direction * notional - fill_order.fee,
        reserved = a.reserved - placed.reserved,
        realized_pnl_gross = a.realized_pnl_gross + realized,
        fees = a.fees + fill_order.fee
    WHERE a.strategy_id = placed.strategy_id;
    UPDATE positions p
    SET quantity = now_held.quantity, cost = now_held.cost, fees = p.fees + fill_order.fee,
        realized_pnl_gross = p.realized_pnl_gross + realized
    WHERE p.strategy_id = placed.strategy_id AND p.symbol = placed.symbol;
    UPDATE orders o
    SET filled_qty = o.filled_qty + p_last_qty,
        avg_px = mul_div(
            coalesce(o.avg_px, 0) * o.filled_qty + p_last_px * p_last_qty, 1, o.filled_qty + p_last_qty
        ),
        status = CASE WHEN o.filled_qty + p_last_qty = o.quantity THEN 'FILLED' ELSE 'PARTIALLY_FILLED' END,
        reserved = 0
    WHERE o.client_order_id = p_client_order_id;
    INSERT INTO trades (
        trade_id, client_order_id, strategy_id, symbol, side, last_qty, last_px, notional, fee, realized_pnl_gross,
        instant
    ) VALUES (
        p_trade_id, p_client_order_id, placed.strategy_id, placed.symbol, placed.side, p_last_qty, p_last_px, notional,
        fee, realized, p_instant
    );
END
$$;
