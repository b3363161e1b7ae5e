-- Puts an order to work in one call: trigger_validate_order checks it and sets ACCEPTED or DENIED with the numbers,
-- then its cash is reserved. A person's order, which waits as INITIALIZED, is moved on; any other is inserted.
-- The same order twice changes nothing and returns what it is.
CREATE OR REPLACE FUNCTION submit_order(
    p_client_order_id uuid, p_strategy_id text, p_symbol text, p_side text, p_origin text, p_signal_id uuid,
    p_quantity numeric, p_instant timestamptz, p_price numeric
) RETURNS orders
LANGUAGE plpgsql AS $$
DECLARE
    placed orders;
BEGIN
    INSERT INTO orders AS o (
        client_order_id, strategy_id, symbol, side, origin, signal_id, quantity, status, decided_at, decision_px
    ) VALUES (
        p_client_order_id, p_strategy_id, p_symbol, p_side, p_origin, p_signal_id, p_quantity, 'ACCEPTED', p_instant,
        p_price
    )
    ON CONFLICT (client_order_id) DO UPDATE
    SET status = 'ACCEPTED', decided_at = excluded.decided_at, decision_px = excluded.decision_px
    WHERE o.status = 'INITIALIZED'
    RETURNING * INTO placed;
    IF placed IS NULL THEN
        SELECT * INTO placed FROM orders WHERE client_order_id = p_client_order_id;
        RETURN placed;
    END IF;
    IF placed.reserved > 0 THEN
        UPDATE account SET reserved = reserved + placed.reserved WHERE strategy_id = p_strategy_id;
    END IF;
    RETURN placed;
END
$$;
