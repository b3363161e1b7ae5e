-- Takes what is left of a working order off the books (CANCELED, EXPIRED), with the numbers, and frees its cash.
CREATE OR REPLACE FUNCTION end_order(
    p_client_order_id uuid, p_status text, p_reason text, p_value numeric, p_limit numeric
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    placed orders;
BEGIN
    SELECT * INTO STRICT placed FROM orders WHERE client_order_id = p_client_order_id FOR UPDATE;
    IF placed.status = p_status THEN
        RETURN;
    END IF;
    UPDATE orders
    SET status = p_status, reason = p_reason, reason_value = p_value, reason_limit = p_limit, reserved = 0
    WHERE client_order_id = p_client_order_id;
    IF placed.reserved > 0 THEN
        UPDATE account SET reserved = reserved - placed.reserved WHERE strategy_id = placed.strategy_id;
    END IF;
END
$$;
