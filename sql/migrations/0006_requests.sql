-- What people ask of a desk: lists of any length are paged along an index, whatever they are filtered by; a request
-- that makes no order or several is remembered by its key as well; and a message knows since when it waits.

-- Orders, newest first. Most of them are filled, most come from signals, most have no reason.
CREATE INDEX orders_by_symbol ON orders (strategy_id, symbol, created_at);
CREATE INDEX orders_by_status ON orders (strategy_id, status, created_at);
CREATE INDEX orders_by_origin ON orders (strategy_id, origin, created_at) WHERE origin <> 'SIGNAL';
CREATE INDEX orders_by_reason ON orders (strategy_id, reason, created_at) WHERE reason IS NOT NULL;
CREATE INDEX orders_by_decision ON orders (strategy_id, decided_at);

-- Fills are booked in the order of their instants, so that this one serves both the order and a window of time.
DROP INDEX trades_by_strategy;
CREATE INDEX trades_by_instant ON trades (strategy_id, instant, fill_number);
CREATE INDEX trades_by_symbol ON trades (strategy_id, symbol, instant, fill_number);

-- The primary key serves signals in order; these serve the filters that would pass most of it over.
CREATE INDEX inbox_signals_by_symbol ON inbox (strategy_id, symbol, instant) WHERE kind = 'SIGNAL';
CREATE INDEX inbox_signals_by_side ON inbox (strategy_id, side, instant) WHERE side <> 'HOLD';
CREATE INDEX inbox_late ON inbox (strategy_id, instant) WHERE late;

CREATE INDEX trading_state_changes_by_side ON trading_state_changes (strategy_id, side, change_id);

ALTER TABLE idempotency_keys
    ALTER client_order_id DROP NOT NULL,
    ADD answer jsonb,
    ADD CONSTRAINT idempotency_keys_made CHECK ((client_order_id IS NULL) = (answer IS NOT NULL));
COMMENT ON COLUMN idempotency_keys.answer IS 'What a request that is not for one order was answered.';

ALTER TABLE outbox ADD added_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN outbox.added_at IS 'When the transaction that wanted it published began.';
