-- All at once: some read others. One that somebody else's view reads is not dropped, and the migration says so.
DO $$
DECLARE
    ours text;
BEGIN
    SELECT string_agg(format('%I.%I', schemaname, viewname), ', ') INTO ours
    FROM pg_views WHERE schemaname = 'analytics' AND viewowner = current_user;
    IF ours IS NOT NULL THEN
        EXECUTE 'DROP VIEW ' || ours;
    END IF;
END
$$
