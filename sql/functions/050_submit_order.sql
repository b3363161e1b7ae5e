-- One decision in one call: trigger_validate_order checks the order and sets ACCEPTED or DENIED with the numbers,
-- reserves its cash and counts it against the orders of its minute. A person's order, which waits as INITIALIZED, is
-- moved on; any other is inserted. The same order twice changes nothing and returns what it is.
CREATE OR REPLACE FUNCTION submit_order(
    p_client_order_id uuid, p_strategy_id text, p_symbol text, p_side text, p_origin text, p_signal_id uuid,
    p_quantity numeric, p_instant timestamptz, p_price numeric,
    p_limit_price numeric DEFAULT NULL, p_trigger_price numeric DEFAULT NULL
) RETURNS orders
LANGUAGE plpgsql AS $$
DECLARE
    placed orders;
BEGIN
    SELECT * INTO placed FROM orders WHERE client_order_id = p_client_order_id AND strategy_id = p_strategy_id;
    IF FOUND AND placed.status = 'INITIALIZED' THEN
        UPDATE orders SET status = 'ACCEPTED', decided_at = p_instant, decision_px = p_price
        WHERE client_order_id = p_client_order_id RETURNING * INTO placed;
    ELSIF NOT FOUND THEN
        INSERT INTO orders (
            client_order_id, strategy_id, symbol, side, origin, signal_id, quantity, status, decided_at, decision_px,
            limit_price, trigger_price
        ) VALUES (
            p_client_order_id, p_strategy_id, p_symbol, p_side, p_origin, p_signal_id, p_quantity, 'ACCEPTED',
            p_instant, p_price, p_limit_price, p_trigger_price
        ) RETURNING * INTO placed;
        IF p_origin IN ('STOP_LOSS', 'TRAILING_STOP') THEN
            UPDATE positions SET stopped_at = p_instant WHERE strategy_id = p_strategy_id AND symbol = p_symbol;
        END IF;
    END IF;
    RETURN placed;
END
$$;

-- The decisions of one instant, in order. A signal's orders go in by one statement; its trigger takes them one by one.
CREATE OR REPLACE FUNCTION submit_orders(p_strategy_id text, p_instant timestamptz, p_orders json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Where the word does not occur there is no such origin; where it does, one by one is right for every order.
    IF position('COMMAND' IN p_orders::text) > 0 THEN
        PERFORM submit_order(
            x.id, p_strategy_id, x.symbol, x.side, x.origin, x.signal, x.quantity * 0.00000001, p_instant,
            x.price * 0.0001, x.limit_price * 0.0001, x.trigger_price * 0.0001
        )
        FROM json_to_recordset(p_orders) AS x (
            id uuid, symbol text, side text, origin text, signal uuid, quantity bigint, price bigint,
            limit_price bigint, trigger_price bigint
        );
        RETURN;
    END IF;
    INSERT INTO orders (
        client_order_id, strategy_id, symbol, side, origin, signal_id, quantity, status, decided_at, decision_px,
        limit_price, trigger_price
    )
    SELECT x.id, p_strategy_id, x.symbol, x.side, x.origin, x.signal, x.quantity * 0.00000001, 'ACCEPTED', p_instant,
        x.price * 0.0001, x.limit_price * 0.0001, x.trigger_price * 0.0001
    FROM ROWS FROM (
        json_to_recordset(p_orders) AS (
            id uuid, symbol text, side text, origin text, signal uuid, quantity bigint, price bigint,
            limit_price bigint, trigger_price bigint
        )
    ) WITH ORDINALITY AS x (id, symbol, side, origin, signal, quantity, price, limit_price, trigger_price, n)
    WHERE NOT EXISTS (SELECT FROM orders o WHERE o.client_order_id = x.id)
    -- A join may hand them out in any order, and the last ones pass the orders of a minute.
    ORDER BY x.n;
END
$$;
