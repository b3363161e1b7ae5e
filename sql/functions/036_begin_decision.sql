-- What a decision begins with: the account is locked as by lock_account, and with its state come the cancels that wait,
-- and for each symbol the oldest order that does; NULL where nothing waits.
--   waiting: [[id, kind, symbol, side, quantity, stop, target]] in the order in which they were received, integers in
--            the scales of tradewind.domain.money, 0 for no price
CREATE OR REPLACE FUNCTION begin_decision(p_strategy_id text, OUT state text, OUT waiting json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    state := lock_account(p_strategy_id);
    -- A statement of its own: it sees what was committed while the lock was waited for.
    SELECT json_agg(
        json_build_array(
            c.client_order_id, c.kind, c.symbol, c.side, (c.quantity * 100000000)::bigint,
            coalesce(c.stop_price * 10000, 0)::bigint, coalesce(c.target_price * 10000, 0)::bigint
        ) ORDER BY c.received
    ) INTO waiting
    FROM commands c
    WHERE c.strategy_id = p_strategy_id AND c.outcome IS NULL AND (
        c.kind = 'CANCEL' OR NOT EXISTS (
            SELECT FROM commands older
            WHERE older.strategy_id = c.strategy_id AND older.symbol = c.symbol AND older.kind = 'ORDER'
                AND older.outcome IS NULL AND older.received < c.received
        )
    );
END
$$;
