-- One index less on what every order and every fill writes. A line of a posting is named by its account; entry_id still
-- says which was first. Hardly any order replaces another.
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_pkey,
    DROP CONSTRAINT ledger_entries_posting_ledger_account_key,
    ADD PRIMARY KEY (posting, ledger_account);
ALTER TABLE orders DROP CONSTRAINT orders_replaces_key;
CREATE UNIQUE INDEX orders_replaces ON orders (replaces) WHERE replaces IS NOT NULL;
