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

-- Begins a new session and a new minute of bar time where the instant is another's.
CREATE OR REPLACE FUNCTION open_periods(p_strategy_id text, p_instant timestamptz, p_session integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    books account;
    this_minute bigint := floor(extract(epoch FROM p_instant) / 60);
BEGIN
    SELECT * INTO STRICT books FROM account WHERE strategy_id = p_strategy_id FOR UPDATE;
    IF books.session_day <> p_session AND books.automatic_halt IS NOT NULL THEN
        INSERT INTO trading_state_changes (strategy_id, side, state, reason, instant)
        VALUES (p_strategy_id, 'AUTOMATIC', 'ACTIVE', 'a new session begins', p_instant);
    END IF;
    IF books.session_day <> p_session OR books.minute <> this_minute THEN
        UPDATE account a
        SET session_equity = CASE WHEN a.session_day = p_session THEN a.session_equity ELSE a.marked_equity END,
            automatic_halt = CASE WHEN a.session_day = p_session THEN a.automatic_halt END,
            session_day = p_session,
            orders_in_minute = CASE WHEN a.minute = this_minute THEN a.orders_in_minute ELSE 0 END,
            minute = this_minute
        WHERE a.strategy_id = p_strategy_id;
    END IF;
END
$$;
