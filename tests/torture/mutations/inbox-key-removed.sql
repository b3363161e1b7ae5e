-- A message that comes twice is journaled twice.
ALTER TABLE orders DROP CONSTRAINT orders_signal_id_fkey;
ALTER TABLE inbox DROP CONSTRAINT inbox_pkey, DROP CONSTRAINT inbox_signal_id_key;
CREATE INDEX ON inbox (strategy_id, instant);
