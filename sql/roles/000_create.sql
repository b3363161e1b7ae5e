-- The roles of the platform: groups without a password, one for each kind of service and one for analysts. They belong
-- to the whole server, so a role that is there is left as it is. Whoever migrates may take every service's role, as the
-- desk's children do. Who may do neither gets an error that says what an administrator has to run.
DO $$
DECLARE
    wanted text;
    may_take boolean;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'tradewind_ingestion', 'tradewind_ml', 'tradewind_trading', 'tradewind_backtest', 'tradewind_analytics'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                IF wanted = 'tradewind_analytics' THEN
                    EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', wanted);
                END IF;
            EXCEPTION
                -- The migration of another database of this server was faster.
                WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        IF current_setting('server_version_num')::integer >= 160000 THEN
            may_take := pg_has_role(current_user, wanted, 'SET');
        ELSE
            may_take := pg_has_role(current_user, wanted, 'MEMBER');
        END IF;
        IF NOT may_take THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END
$$;
