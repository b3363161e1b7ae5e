"""What a database's catalog holds, by name: two schemas are equal when these are."""

from collections.abc import Mapping
from typing import Final

import psycopg

Catalog = Mapping[str, Mapping[str, str]]
"""Kind of thing -> its name -> its definition."""

_OURS: Final = "IN ('public'::regnamespace, 'analytics'::regnamespace, 'procrastinate'::regnamespace)"
_QUERIES: Final = {
    "schema": """
        SELECT nspname, coalesce(nspacl::text, '') FROM pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    """,
    "table": f"""
        SELECT c.oid::regclass::text, concat_ws(
            ' | ', c.relkind, c.relpersistence, c.reloptions::text, pg_get_partkeydef(c.oid),
            pg_get_expr(c.relpartbound, c.oid), obj_description(c.oid, 'pg_class'), c.relrowsecurity,
            pg_get_userbyid(c.relowner), acl(c.relacl)
        )
        FROM pg_class c WHERE c.relnamespace {_OURS}
    """,
    "column": f"""
        SELECT a.attrelid::regclass || '.' || a.attname, concat_ws(
            ' | ', row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
            a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attstorage,
            col_description(a.attrelid, a.attnum), acl(a.attacl)
        )
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace {_OURS}
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraint": f"""
        SELECT conrelid::regclass || '.' || conname, concat_ws(
            ' | ', contype, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred
        )
        FROM pg_constraint WHERE connamespace {_OURS}
    """,
    "index": f"""
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) || ' | ' || i.indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid AND c.relnamespace {_OURS}
    """,
    "function": f"""
        SELECT oid::regprocedure::text, pg_get_functiondef(oid) || ' | ' || acl(proacl)
        FROM pg_proc WHERE pronamespace {_OURS}
    """,
    "trigger": """
        SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) || ' | ' || tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "view": f"""
        SELECT oid::regclass::text, pg_get_viewdef(oid)
        FROM pg_class WHERE relkind = 'v' AND relnamespace {_OURS}
    """,
    "type": f"""
        SELECT oid::regtype::text, concat_ws(
            ' | ', typtype, typcategory, format_type(nullif(typbasetype, 0), typtypmod)
        )
        FROM pg_type WHERE typnamespace {_OURS} AND typelem = 0
    """,
}
# Who was granted what, whatever the order of the grants.
_ACL: Final = """
    CREATE FUNCTION pg_temp.acl(aclitem[]) RETURNS text LANGUAGE sql AS
    $$ SELECT coalesce((SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest($1) AS item), '-') $$
"""


def read_catalog(connection: psycopg.Connection) -> Catalog:
    """Return everything of the platform's schemas."""
    connection.execute(_ACL)
    try:
        return {
            kind: dict(connection.execute(text.replace("acl(", "pg_temp.acl(")).fetchall())
            for kind, text in _QUERIES.items()
        }
    finally:
        connection.execute("DROP FUNCTION pg_temp.acl")


def differences(ours: Catalog, theirs: Catalog) -> list[str]:
    """Return every difference between two catalogs, named."""
    return [
        f"{kind} {name}: {ours[kind].get(name, 'is missing')} <> {theirs[kind].get(name, 'is missing')}"
        for kind in ours
        for name in sorted(ours[kind].keys() | theirs[kind].keys())
        if ours[kind].get(name) != theirs[kind].get(name)
    ]
