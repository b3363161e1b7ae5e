-- Limit, stop and stop-limit orders.
DROP FUNCTION IF EXISTS submit_order(uuid, text, text, text, text, uuid, numeric, timestamptz, numeric);

ALTER TABLE orders
    ADD limit_price numeric(20, 4) CHECK (limit_price > 0),
    ADD trigger_price numeric(20, 4) CHECK (trigger_price > 0),
    ADD triggered_at timestamptz,
    ADD CONSTRAINT orders_triggered CHECK (triggered_at IS NULL OR trigger_price IS NOT NULL);
COMMENT ON COLUMN orders.limit_price IS 'The worst price at which it fills.';
COMMENT ON COLUMN orders.trigger_price IS 'The stop that it waits for before it works.';
COMMENT ON COLUMN orders.triggered_at IS 'The instant whose bar reached the stop.';
