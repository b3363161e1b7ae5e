-- Books what the venue did, in order: orders that ended, exits, fills. Fills of different symbols are booked together;
-- what was gathered is booked first where an event builds on it, and a fill in part is booked alone.
CREATE OR REPLACE FUNCTION book_venue(p_strategy_id text, p_instant timestamptz, p_venue json) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    e record;
    gathered json[] := '{}';
    symbols text[] := '{}';
BEGIN
    FOR e IN
        SELECT x.value AS document, v.*
        FROM json_array_elements(p_venue) AS x
        CROSS JOIN LATERAL json_to_record(x.value) AS v (
            kind text, id uuid, symbol text, side text, origin text, quantity bigint, price bigint, reason text,
            value numeric, "limit" numeric
        )
    LOOP
        IF e.symbol = ANY (symbols) OR (e.kind = 'PARTIALLY_FILLED' AND symbols <> '{}') THEN
            PERFORM fill_orders(p_strategy_id, p_instant, array_to_json(gathered));
            gathered := '{}';
            symbols := '{}';
        END IF;
        IF e.kind = 'PARTIALLY_FILLED' THEN
            PERFORM fill_orders(p_strategy_id, p_instant, json_build_array(e.document));
        ELSIF e.kind = 'FILLED' THEN
            gathered := gathered || e.document;
            symbols := symbols || e.symbol;
        ELSIF e.kind = 'TRIGGERED' THEN
            UPDATE orders SET status = 'TRIGGERED', triggered_at = p_instant WHERE client_order_id = e.id;
        ELSIF e.kind IN ('CANCELED', 'EXPIRED') THEN
            PERFORM end_order(e.id, e.kind, e.reason, e.value, e."limit");
        ELSE
            PERFORM submit_order(
                e.id, p_strategy_id, e.symbol, e.side, e.origin, NULL, e.quantity * 0.00000001, p_instant,
                e.price * 0.0001
            );
        END IF;
    END LOOP;
    IF symbols <> '{}' THEN
        PERFORM fill_orders(p_strategy_id, p_instant, array_to_json(gathered));
    END IF;
    PERFORM agree_on_fills(p_venue);
END
$$;
