-- The rule book and the stored procedures must come to the same; the message holds both.
CREATE OR REPLACE FUNCTION agree(p_what text, p_rule_book text, p_ledger text) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_rule_book IS DISTINCT FROM p_ledger THEN
        RAISE EXCEPTION '%', p_what
            USING ERRCODE = 'TW010', DETAIL = coalesce(p_rule_book, '-'), HINT = coalesce(p_ledger, '-');
    END IF;
END
$$;

-- What became of orders that were just submitted.
CREATE OR REPLACE FUNCTION agree_on_orders(p_orders json) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM agree(
        format('order %s of %s', x.id, x.symbol), concat_ws(' ', x.kind, x.reason, x.value, x."limit"),
        concat_ws(' ', o.status, o.reason, o.reason_value, o.reason_limit)
    )
    FROM json_to_recordset(p_orders) AS x (
        kind text, id uuid, symbol text, reason text, value numeric, "limit" numeric
    )
    LEFT JOIN orders o ON o.client_order_id = x.id
    WHERE o.status IS DISTINCT FROM x.kind OR o.reason IS DISTINCT FROM x.reason
        OR o.reason_value IS DISTINCT FROM x.value OR o.reason_limit IS DISTINCT FROM x."limit"
    LIMIT 1;
END
$$;

-- Fee and realized P&L of what was filled among the events that were just booked.
CREATE OR REPLACE FUNCTION agree_on_fills(p_fills json) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM agree(
        format('fee and realized P&L of order %s of %s', x.id, x.symbol),
        concat_ws(' ', x.fee * 0.0001, x.realized * 0.0001), concat_ws(' ', t.fee, t.realized_pnl_gross)
    )
    FROM json_to_recordset(p_fills) AS x (kind text, id uuid, symbol text, fee bigint, realized bigint, trade uuid)
    LEFT JOIN trades t ON t.trade_id = x.trade
    WHERE x.kind IN ('FILLED', 'PARTIALLY_FILLED') AND (
        t.fee IS DISTINCT FROM x.fee * 0.0001 OR t.realized_pnl_gross IS DISTINCT FROM x.realized * 0.0001
    )
    LIMIT 1;
END
$$;
