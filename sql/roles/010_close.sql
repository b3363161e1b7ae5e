-- Everything of ours is closed to everybody; the files after this one open it by name. Partitions stay closed: rows are
-- reached through the table they belong to. What an extension or somebody else has put beside our tables is left alone.
DO $$
DECLARE
    ours record;
    others text := 'PUBLIC, tradewind_ingestion, tradewind_ml, tradewind_trading, tradewind_backtest, '
        'tradewind_analytics';
BEGIN
    FOR ours IN
        SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace IN ('public'::regnamespace, 'analytics'::regnamespace)
            AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner = current_user::regrole AND c.relacl IS NOT NULL
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', ours.name, others);
    END LOOP;
    FOR ours IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole
            AND NOT EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            )
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', ours.name, others);
    END LOOP;
END
$$;
-- Functions that run with their owner's rights look for names in public: nobody else may put any there.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tradewind_ingestion, tradewind_ml, tradewind_trading, tradewind_backtest;
