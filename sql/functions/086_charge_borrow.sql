-- What shorts cost over the calendar days since the session before, as domain.rules.venue.charge_borrow; one posting
-- for all of them. The same posting twice changes nothing.
CREATE OR REPLACE FUNCTION charge_borrow(
    p_strategy_id text, p_posting uuid, p_days integer, p_instant timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    due numeric;
BEGIN
    IF EXISTS (SELECT FROM ledger_entries WHERE posting = p_posting) THEN
        RETURN;
    END IF;
    WITH charged AS (
        UPDATE positions p SET fees = p.fees + mul_div(-p.market_value, s.borrow_rate * p_days, 365)
        FROM strategies s
        WHERE p.strategy_id = p_strategy_id AND s.strategy_id = p_strategy_id AND p.quantity < 0
        RETURNING mul_div(-p.market_value, s.borrow_rate * p_days, 365) AS due
    )
    SELECT coalesce(sum(c.due), 0) INTO due FROM charged c;
    UPDATE account SET cash = cash - due, fees = fees + due WHERE strategy_id = p_strategy_id;
    INSERT INTO ledger_entries (strategy_id, posting, ledger_account, amount, instant)
    VALUES (p_strategy_id, p_posting, 'CASH', -due, p_instant), (p_strategy_id, p_posting, 'FEES', due, p_instant);
END
$$;
