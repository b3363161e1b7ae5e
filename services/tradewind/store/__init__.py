"""PostgreSQL: schema, journal, ledger calls, offsets, outbox, market data. The only importer of psycopg."""
