-- Gets a strategy out of everything, in one transaction: cancels what works, takes back what waits, puts an order that
-- closes all that is held of each symbol, and sets a person's side of the trading state at least to REDUCING. One that
-- closes all that is held and works or waits already is left to it: another one would come later. Asked again with the
-- same key it does nothing and gives the first answer; with other contents the key is refused (TW007).
CREATE OR REPLACE FUNCTION flatten(
    p_strategy_id text, p_reason text, p_key text, p_fingerprint text, OUT answer jsonb, OUT created boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known idempotency_keys;
    placed orders;
    held positions;
    sale_id uuid;
    closing text;
    ended text;
    list text;
    selling text[] := '{}';
    was text;
    becomes text;
BEGIN
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR NO KEY UPDATE;
    SELECT * INTO known FROM idempotency_keys k WHERE k.strategy_id = p_strategy_id AND k.key = p_key;
    IF FOUND THEN
        IF known.fingerprint <> p_fingerprint THEN
            RAISE EXCEPTION 'key % was used for another request', p_key USING ERRCODE = 'TW007';
        END IF;
        answer := known.answer;
        created := false;
        RETURN;
    END IF;
    SELECT person_state INTO STRICT was FROM account WHERE strategy_id = p_strategy_id;
    becomes := CASE was WHEN 'ACTIVE' THEN 'REDUCING' ELSE was END;
    PERFORM set_trading_state(p_strategy_id, 'PERSON', becomes, p_reason);
    answer := jsonb_build_object(
        'person_state_before', was, 'person_state', becomes, 'canceled', '[]'::jsonb, 'withdrawn', '[]'::jsonb,
        'left_to_work', '[]'::jsonb, 'sales', '[]'::jsonb
    );
    -- Those that work come first: the oldest sale that waits is as good only where none works.
    FOR placed IN
        SELECT * FROM orders
        WHERE strategy_id = p_strategy_id
            AND status IN ('INITIALIZED', 'SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED')
        ORDER BY status = 'INITIALIZED', created_at
    LOOP
        SELECT * INTO held FROM positions p WHERE p.strategy_id = p_strategy_id AND p.symbol = placed.symbol;
        IF placed.quantity - placed.filled_qty
            = (CASE placed.side WHEN 'SELL' THEN held.quantity ELSE -held.quantity END)
            AND placed.symbol <> ALL (selling) THEN
            selling := selling || placed.symbol;
            list := 'left_to_work';
        ELSE
            ended := request_cancel(p_strategy_id, placed.client_order_id, 'PENDING_CANCEL');
            list := CASE ended WHEN 'CANCELED' THEN 'withdrawn' ELSE 'canceled' END;
        END IF;
        answer := jsonb_insert(answer, ARRAY[list, '-1'], jsonb_build_object(
            'client_order_id', placed.client_order_id, 'symbol', placed.symbol, 'side', placed.side,
            'quantity', (placed.quantity - placed.filled_qty)::text
        ), true);
    END LOOP;
    FOR held IN
        SELECT * FROM positions p
        WHERE p.strategy_id = p_strategy_id AND p.quantity <> 0 AND p.symbol <> ALL (selling) ORDER BY p.symbol
    LOOP
        sale_id := gen_random_uuid();
        closing := CASE WHEN held.quantity > 0 THEN 'SELL' ELSE 'BUY' END;
        PERFORM request_order(
            p_strategy_id, sale_id, held.symbol, closing, abs(held.quantity), NULL, NULL, NULL, NULL
        );
        answer := jsonb_insert(answer, '{sales, -1}', jsonb_build_object(
            'client_order_id', sale_id, 'symbol', held.symbol, 'side', closing, 'quantity', abs(held.quantity)::text
        ), true);
    END LOOP;
    created := true;
    IF p_key IS NOT NULL THEN
        INSERT INTO idempotency_keys (strategy_id, key, fingerprint, answer)
        VALUES (p_strategy_id, p_key, p_fingerprint, answer);
    END IF;
END
$$;
