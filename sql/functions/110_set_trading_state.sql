-- The trading state has three sides, the manifest's, a person's and the automatic one; the strictest is in force, and
-- each is changed by its own side only; the first reason for it stands. A fault (rule book and ledger came apart) stops
-- everything.
CREATE OR REPLACE FUNCTION set_trading_state(p_strategy_id text, p_side text, p_state text, p_reason text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before text;
BEGIN
    IF p_side NOT IN ('PERSON', 'MANIFEST') THEN
        RAISE EXCEPTION 'the side % is not set by anyone', p_side USING ERRCODE = 'TW009';
    END IF;
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR UPDATE;
    SELECT CASE p_side WHEN 'PERSON' THEN a.person_state ELSE s.trading_state END INTO STRICT before
    FROM account a JOIN strategies s USING (strategy_id) WHERE strategy_id = p_strategy_id;
    IF before = p_state THEN
        RETURN;
    END IF;
    IF p_side = 'PERSON' THEN
        UPDATE account SET person_state = p_state, person_reason = p_reason WHERE strategy_id = p_strategy_id;
    ELSE
        UPDATE strategies SET trading_state = p_state WHERE strategy_id = p_strategy_id;
    END IF;
    INSERT INTO trading_state_changes (strategy_id, side, state, reason)
    VALUES (p_strategy_id, p_side, p_state, p_reason);
END
$$;

-- Stops a strategy's decisions and says why; the first reason stands.
CREATE OR REPLACE FUNCTION record_fault(p_strategy_id text, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE account SET fault = p_reason WHERE strategy_id = p_strategy_id AND fault IS NULL;
    IF FOUND THEN
        INSERT INTO trading_state_changes (strategy_id, side, state, reason)
        VALUES (p_strategy_id, 'FAULT', 'HALTED', p_reason);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION get_trading_state(
    p_strategy_id text,
    OUT effective text, OUT manifest text, OUT person text, OUT person_reason text, OUT automatic text,
    OUT automatic_reason text, OUT fault text
) LANGUAGE sql STABLE AS $$
    SELECT
        CASE
            WHEN a.fault IS NOT NULL OR 'HALTED' IN (s.trading_state, a.person_state) THEN 'HALTED'
            WHEN a.automatic_halt IS NOT NULL OR 'REDUCING' IN (s.trading_state, a.person_state) THEN 'REDUCING'
            ELSE 'ACTIVE'
        END,
        s.trading_state, a.person_state, a.person_reason,
        CASE WHEN a.automatic_halt IS NULL THEN 'ACTIVE' ELSE 'REDUCING' END,
        CASE WHEN a.automatic_halt IS NOT NULL THEN (
            SELECT c.reason FROM trading_state_changes c
            WHERE c.strategy_id = p_strategy_id AND c.side = 'AUTOMATIC' ORDER BY c.change_id DESC LIMIT 1
        ) END,
        a.fault
    FROM account a JOIN strategies s USING (strategy_id) WHERE strategy_id = p_strategy_id
$$;
