-- What an administrator would have to run, so that this login may take these roles; no row where it may already.
SELECT CASE WHEN r.oid IS NULL THEN format('CREATE ROLE %%I NOLOGIN; ', w.name) ELSE '' END
    || format('GRANT %%I TO %%I;', w.name, current_user)
FROM unnest(%(roles)s::text[]) AS w (name) LEFT JOIN pg_roles r ON r.rolname = w.name
WHERE r.oid IS NULL OR NOT pg_has_role(
    r.oid, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END
)
ORDER BY w.name
