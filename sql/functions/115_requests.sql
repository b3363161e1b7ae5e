-- What a person asks of a desk. Each takes the account's lock first, as every decision does: no two can deadlock, and
-- none comes between a decision's parts.

-- Puts a person's order in the journal, to be taken up by the next instant. The same client_order_id or idempotency key
-- again makes nothing new; with other contents it is refused (TW007).
CREATE OR REPLACE FUNCTION request_order(
    p_strategy_id text, p_client_order_id uuid, p_symbol text, p_side text, p_quantity numeric, p_stop_price numeric,
    p_target_price numeric, p_key text, p_fingerprint text,
    OUT client_order_id uuid, OUT created boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known idempotency_keys;
    placed orders;
BEGIN
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR NO KEY UPDATE;
    client_order_id := p_client_order_id;
    created := false;
    SELECT * INTO known FROM idempotency_keys k WHERE k.strategy_id = p_strategy_id AND k.key = p_key;
    IF FOUND THEN
        IF known.fingerprint <> p_fingerprint THEN
            RAISE EXCEPTION 'key % was used for another request', p_key USING ERRCODE = 'TW007';
        END IF;
        client_order_id := known.client_order_id;
        RETURN;
    END IF;
    SELECT * INTO placed FROM orders o WHERE o.client_order_id = p_client_order_id;
    IF FOUND THEN
        IF (placed.strategy_id, placed.symbol, placed.side, placed.quantity, placed.origin)
            <> (p_strategy_id, p_symbol, p_side, p_quantity, 'COMMAND')
            OR (placed.stop_price, placed.target_price) IS DISTINCT FROM (p_stop_price, p_target_price) THEN
            RAISE EXCEPTION 'client_order_id % belongs to another order', p_client_order_id USING ERRCODE = 'TW007';
        END IF;
    ELSE
        INSERT INTO orders (
            client_order_id, strategy_id, symbol, side, origin, quantity, status, stop_price, target_price
        ) VALUES (
            p_client_order_id, p_strategy_id, p_symbol, p_side, 'COMMAND', p_quantity, 'INITIALIZED', p_stop_price,
            p_target_price
        );
        INSERT INTO commands (client_order_id, strategy_id, kind, symbol, side, quantity, stop_price, target_price)
        VALUES (
            p_client_order_id, p_strategy_id, 'ORDER', p_symbol, p_side, p_quantity, p_stop_price, p_target_price
        );
        created := true;
    END IF;
    IF p_key IS NOT NULL THEN
        INSERT INTO idempotency_keys (strategy_id, key, fingerprint, client_order_id)
        VALUES (p_strategy_id, p_key, p_fingerprint, p_client_order_id);
    END IF;
END
$$;

-- Asks for an order's end and returns its status. One that no instant has taken up is CANCELED at once; a working one
-- is PENDING_CANCEL until the next instant, or PENDING_UPDATE where another order takes its place.
CREATE OR REPLACE FUNCTION request_cancel(p_strategy_id text, p_client_order_id uuid, p_pending text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    placed orders;
BEGIN
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR NO KEY UPDATE;
    SELECT * INTO placed FROM orders WHERE client_order_id = p_client_order_id AND strategy_id = p_strategy_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF placed.status = 'INITIALIZED' THEN
        UPDATE commands SET outcome = 'WITHDRAWN' WHERE client_order_id = p_client_order_id AND kind = 'ORDER';
        UPDATE orders
        SET status = 'CANCELED', reason = 'CANCELED_BY_REQUEST', reason_value = 0, reason_limit = 0
        WHERE client_order_id = p_client_order_id;
        RETURN 'CANCELED';
    END IF;
    IF placed.status IN ('SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED') THEN
        INSERT INTO commands (client_order_id, strategy_id, kind, symbol)
        VALUES (p_client_order_id, p_strategy_id, 'CANCEL', placed.symbol)
        ON CONFLICT (client_order_id, kind) DO UPDATE SET instant = NULL, outcome = NULL;
        UPDATE orders SET status = p_pending WHERE client_order_id = p_client_order_id;
        RETURN p_pending;
    END IF;
    RETURN placed.status;
END
$$;

-- Replaces an order that has not ended: it is canceled, and one of another quantity or bracket takes its place, checked
-- anew. Returns NULL where there is no such order, else the status that the old one has now; nothing is made where it
-- has ended, is being canceled or was replaced already. The new order's id must be nobody's yet (TW007).
CREATE OR REPLACE FUNCTION request_replace(
    p_strategy_id text, p_client_order_id uuid, p_new_order_id uuid, p_quantity numeric, p_stop_price numeric,
    p_target_price numeric, p_key text, p_fingerprint text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    placed orders;
    was text;
    fresh boolean;
BEGIN
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR NO KEY UPDATE;
    SELECT * INTO placed FROM orders WHERE client_order_id = p_client_order_id AND strategy_id = p_strategy_id;
    IF placed.status IS NULL
        OR placed.status NOT IN ('INITIALIZED', 'SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED')
        OR EXISTS (SELECT FROM orders WHERE replaces = p_client_order_id) THEN
        RETURN placed.status;
    END IF;
    was := request_cancel(p_strategy_id, p_client_order_id, 'PENDING_UPDATE');
    SELECT created INTO fresh FROM request_order(
        p_strategy_id, p_new_order_id, placed.symbol, placed.side, p_quantity, p_stop_price, p_target_price, p_key,
        p_fingerprint
    );
    IF NOT fresh THEN
        RAISE EXCEPTION 'client_order_id % belongs to another order', p_new_order_id USING ERRCODE = 'TW007';
    END IF;
    UPDATE orders SET replaces = p_client_order_id WHERE client_order_id = p_new_order_id;
    RETURN was;
END
$$;
