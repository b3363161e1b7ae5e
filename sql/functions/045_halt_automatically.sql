-- Stops a strategy's purchases for the rest of the session, and says why; the latest reason is the one that is told.
CREATE OR REPLACE FUNCTION halt_automatically(p_strategy_id text, p_instant timestamptz, p_code text, p_reason text)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    before text;
BEGIN
    SELECT automatic_halt INTO before FROM account WHERE strategy_id = p_strategy_id FOR UPDATE;
    IF before IS NOT DISTINCT FROM p_code THEN
        RETURN;
    END IF;
    UPDATE account SET automatic_halt = p_code WHERE strategy_id = p_strategy_id;
    INSERT INTO trading_state_changes (strategy_id, side, state, reason, instant)
    VALUES (p_strategy_id, 'AUTOMATIC', 'REDUCING', p_code || ': ' || p_reason, p_instant);
END
$$;
