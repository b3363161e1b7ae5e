-- Called first by every transaction that decides or asks: until it ends, nobody changes what the decision rests on.
-- Returns the strictest of the manifest's and the person's trading state, NULL where there is no such account.
CREATE OR REPLACE FUNCTION lock_account(p_strategy_id text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- First the lock, then a statement that sees what was committed while it was waited for.
    PERFORM FROM account WHERE strategy_id = p_strategy_id FOR NO KEY UPDATE;
    RETURN (
        SELECT CASE
            WHEN 'HALTED' IN (s.trading_state, a.person_state) THEN 'HALTED'
            WHEN 'REDUCING' IN (s.trading_state, a.person_state) THEN 'REDUCING'
            ELSE 'ACTIVE'
        END
        FROM account a JOIN strategies s USING (strategy_id)
        WHERE strategy_id = p_strategy_id
    );
END
$$;
