-- The desk at full depth: limits on notional and rate, trading states by side, cancels and brackets, partial fills,
-- corporate actions, double-entry postings.

DROP FUNCTION IF EXISTS submit_order(uuid, text, text, text, text, uuid, numeric, timestamptz, numeric);
DROP FUNCTION IF EXISTS fill_order(uuid, uuid, numeric, numeric, timestamptz);
DROP FUNCTION IF EXISTS end_order(uuid, text, text, numeric, numeric);
DROP FUNCTION IF EXISTS update_portfolio_value(text, timestamptz, integer, text[], numeric[]);
DROP FUNCTION IF EXISTS halt_trading(text, text);
DROP TRIGGER IF EXISTS trigger_update_portfolio_value ON positions;
DROP FUNCTION IF EXISTS add_to_portfolio_value();

ALTER TABLE strategies
    ADD max_order_notional numeric(20, 4) NOT NULL DEFAULT 0 CHECK (max_order_notional >= 0),
    ADD orders_per_minute integer NOT NULL DEFAULT 0 CHECK (orders_per_minute >= 0),
    ADD trading_state text NOT NULL DEFAULT 'ACTIVE' CHECK (trading_state IN ('ACTIVE', 'REDUCING', 'HALTED'));
COMMENT ON COLUMN strategies.trading_state IS 'The manifest''s side of the trading state.';

ALTER TABLE account
    ADD person_state text NOT NULL DEFAULT 'ACTIVE' CHECK (person_state IN ('ACTIVE', 'REDUCING', 'HALTED')),
    ADD person_reason text,
    ADD automatic_halt text CHECK (automatic_halt IN ('DAILY_LOSS_LIMIT_REACHED', 'RATE_LIMIT_EXCEEDED')),
    ADD minute bigint NOT NULL DEFAULT -1,
    ADD orders_in_minute integer NOT NULL DEFAULT 0 CHECK (orders_in_minute >= 0),
    ADD fault text,
    ADD peak_equity numeric(20, 4),
    ADD max_drawdown numeric(18, 8) NOT NULL DEFAULT 0 CHECK (max_drawdown <= 0),
    ADD fills bigint NOT NULL DEFAULT 0;
UPDATE account a
SET automatic_halt = CASE WHEN a.loss_reached THEN 'DAILY_LOSS_LIMIT_REACHED' END,
    fault = a.halt_reason,
    peak_equity = greatest(
        a.initial_cash, (SELECT max(p.equity) FROM portfolio_snapshots p WHERE p.strategy_id = a.strategy_id)
    ),
    max_drawdown = coalesce(
        (
            SELECT least(0, round(min(d.equity / d.peak - 1), 8))
            FROM (
                SELECT p.equity, greatest(a.initial_cash, max(p.equity) OVER (ORDER BY p.instant)) AS peak
                FROM portfolio_snapshots p WHERE p.strategy_id = a.strategy_id
            ) d
        ),
        0
    ),
    fills = (SELECT count(*) FROM trades t WHERE t.strategy_id = a.strategy_id);
ALTER TABLE account ALTER peak_equity SET NOT NULL;
ALTER TABLE account DROP loss_reached, DROP trading_state, DROP halt_reason;
-- Every instant writes this row many times: room on its page keeps those writes out of the index.
ALTER TABLE account SET (fillfactor = 10);
ALTER TABLE positions SET (fillfactor = 50);
COMMENT ON COLUMN account.person_state IS 'A person''s side of the trading state; nobody else loosens it.';
COMMENT ON COLUMN account.automatic_halt IS 'Why purchases are stopped until the next session; NULL while they are not.';
COMMENT ON COLUMN account.minute IS 'The minute of bar time (since 1970) that orders_in_minute counts.';
COMMENT ON COLUMN account.max_drawdown IS 'The deepest fall from a peak of marked equity so far, a share of the peak; not positive.';
COMMENT ON COLUMN account.fault IS 'Why no instant is decided any more: rule book and ledger came apart.';

CREATE TABLE trading_state_changes (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    strategy_id text NOT NULL REFERENCES account,
    side text NOT NULL CHECK (side IN ('MANIFEST', 'PERSON', 'AUTOMATIC', 'FAULT')),
    state text NOT NULL CHECK (state IN ('ACTIVE', 'REDUCING', 'HALTED')),
    reason text NOT NULL,
    instant timestamptz,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX trading_state_changes_by_strategy ON trading_state_changes (strategy_id, change_id);
COMMENT ON TABLE trading_state_changes IS 'Who stopped or started the desk, and why; rows are only added.';

ALTER TABLE positions
    ADD stop_price numeric(20, 4) CHECK (stop_price > 0),
    ADD target_price numeric(20, 4) CHECK (target_price > 0),
    ADD CONSTRAINT positions_bracket CHECK (quantity > 0 OR (stop_price IS NULL AND target_price IS NULL));
COMMENT ON COLUMN positions.stop_price IS 'A bracket''s stop, in place of the strategy''s stop loss.';

ALTER TABLE orders
    ADD venue_order_id text,
    ADD stop_price numeric(20, 4) CHECK (stop_price > 0),
    ADD target_price numeric(20, 4) CHECK (target_price > 0),
    ADD replaces uuid UNIQUE REFERENCES orders,
    ADD CONSTRAINT orders_bracket CHECK (side = 'BUY' OR (stop_price IS NULL AND target_price IS NULL)),
    ADD CONSTRAINT orders_bracket_order CHECK (stop_price < target_price),
    -- An order taken back before any instant took it up was never decided.
    DROP CONSTRAINT orders_check3,
    ADD CONSTRAINT orders_decided CHECK (
        (decided_at IS NULL) = (decision_px IS NULL)
        AND (status IN ('INITIALIZED', 'CANCELED') OR decided_at IS NOT NULL)
    );
DROP INDEX orders_one_working;
ALTER TABLE orders ADD CONSTRAINT orders_one_working EXCLUDE (strategy_id WITH =, symbol WITH =)
WHERE (status IN ('SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL', 'PARTIALLY_FILLED')
    AND decided_at IS NOT NULL);
COMMENT ON COLUMN orders.replaces IS 'The order that this one took the place of.';

ALTER TABLE inbox
    ADD volume numeric(28, 8) CHECK (volume >= 0),
    ADD numerator integer CHECK (numerator > 0),
    ADD denominator integer CHECK (denominator > 0),
    ADD amount numeric(20, 4) CHECK (amount > 0),
    DROP CONSTRAINT inbox_kind_check,
    ADD CONSTRAINT inbox_kind_check CHECK (kind IN ('BAR', 'MISSING', 'SIGNAL', 'SPLIT', 'DIVIDEND')),
    ADD CONSTRAINT inbox_split CHECK ((kind = 'SPLIT') = (numerator IS NOT NULL AND denominator IS NOT NULL)),
    ADD CONSTRAINT inbox_dividend CHECK ((kind = 'DIVIDEND') = (amount IS NOT NULL));
COMMENT ON COLUMN inbox.volume IS 'Of a bar; NULL where an older version journaled it.';
COMMENT ON COLUMN inbox.numerator IS 'A split makes numerator units out of denominator.';
COMMENT ON COLUMN inbox.amount IS 'A dividend''s money for one unit.';

ALTER TABLE instants
    ADD trading_state text NOT NULL DEFAULT 'ACTIVE' CHECK (trading_state IN ('ACTIVE', 'REDUCING', 'HALTED'));
COMMENT ON COLUMN instants.trading_state IS 'The strictest of the manifest''s and the person''s when the instant was decided.';

ALTER TABLE commands
    ADD kind text NOT NULL DEFAULT 'ORDER' CHECK (kind IN ('ORDER', 'CANCEL')),
    ADD outcome text CHECK (outcome IN ('TAKEN', 'TOO_LATE', 'WITHDRAWN')),
    ADD stop_price numeric(20, 4),
    ADD target_price numeric(20, 4),
    ALTER side DROP NOT NULL,
    ALTER quantity DROP NOT NULL,
    DROP CONSTRAINT commands_pkey,
    ADD PRIMARY KEY (client_order_id, kind),
    ADD CONSTRAINT commands_order CHECK ((kind = 'ORDER') = (side IS NOT NULL AND quantity IS NOT NULL));
UPDATE commands SET outcome = 'TAKEN' WHERE instant IS NOT NULL;
ALTER TABLE commands
    ADD CONSTRAINT commands_outcome CHECK ((outcome IN ('TAKEN', 'TOO_LATE')) IS TRUE = (instant IS NOT NULL));
DROP INDEX commands_waiting;
CREATE INDEX commands_waiting ON commands (strategy_id, received) WHERE outcome IS NULL;
CREATE INDEX commands_by_instant ON commands (strategy_id, instant) WHERE instant IS NOT NULL;
COMMENT ON COLUMN commands.outcome IS 'TAKEN up by its instant, TOO_LATE for a cancel of an order that had ended, WITHDRAWN before any instant.';

CREATE TABLE idempotency_keys (
    strategy_id text NOT NULL REFERENCES account,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint text NOT NULL,
    client_order_id uuid NOT NULL REFERENCES orders,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (strategy_id, key)
);
COMMENT ON TABLE idempotency_keys IS 'What a request''s key made, so that the same request makes nothing twice.';

-- Double entry: every posting adds up to zero, and every balance is a sum of its postings.
CREATE TABLE ledger_entries (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    strategy_id text NOT NULL REFERENCES account,
    posting uuid NOT NULL,
    ledger_account text NOT NULL CHECK (
        ledger_account IN ('CASH', 'CAPITAL', 'POSITIONS', 'REALIZED_PNL', 'FEES', 'DIVIDENDS')
    ),
    symbol text,
    amount numeric(20, 4) NOT NULL,
    quantity numeric(28, 8) NOT NULL DEFAULT 0,
    instant timestamptz,
    UNIQUE (posting, ledger_account),
    CHECK ((ledger_account = 'POSITIONS') = (symbol IS NOT NULL)),
    CHECK (ledger_account = 'POSITIONS' OR quantity = 0),
    CHECK (ledger_account IN ('CAPITAL') = (instant IS NULL) OR ledger_account = 'CASH')
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (strategy_id, ledger_account, symbol);
COMMENT ON TABLE ledger_entries IS
'Debits positive, credits negative. A posting is named by what caused it: a trade_id, a corporate action, the account''s opening.';
COMMENT ON COLUMN ledger_entries.amount IS 'POSITIONS: at cost. REALIZED_PNL and DIVIDENDS: earnings are credits, so negative.';

INSERT INTO ledger_entries (strategy_id, posting, ledger_account, amount)
SELECT a.strategy_id, s.uid, e.ledger_account, e.amount
FROM account a
JOIN strategies s USING (strategy_id)
CROSS JOIN LATERAL (VALUES ('CASH', a.initial_cash), ('CAPITAL', -a.initial_cash)) AS e (ledger_account, amount);
-- A purchase puts its notional into the position; a sale takes out what the part sold had cost.
INSERT INTO ledger_entries (strategy_id, posting, ledger_account, symbol, amount, quantity, instant)
SELECT t.strategy_id, t.trade_id, e.ledger_account, e.symbol, e.amount, e.quantity, t.instant
FROM trades t
CROSS JOIN LATERAL (SELECT CASE t.side WHEN 'BUY' THEN 1 ELSE -1 END AS direction) d
CROSS JOIN LATERAL (
    VALUES
    ('CASH', NULL, -d.direction * t.notional - t.fee, 0),
    ('POSITIONS', t.symbol, d.direction * t.notional + t.realized_pnl_gross, d.direction * t.last_qty),
    ('FEES', NULL, t.fee, 0),
    ('REALIZED_PNL', NULL, -t.realized_pnl_gross, 0)
) AS e (ledger_account, symbol, amount, quantity)
WHERE e.ledger_account IN ('CASH', 'POSITIONS') OR e.amount <> 0
ORDER BY t.fill_number;

CREATE TABLE corporate_actions (
    source text NOT NULL,
    symbol text NOT NULL,
    ex_time timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('SPLIT', 'DIVIDEND')),
    numerator integer CHECK (numerator > 0),
    denominator integer CHECK (denominator > 0),
    amount numeric(20, 4) CHECK (amount > 0),
    PRIMARY KEY (source, symbol, ex_time, kind),
    CHECK ((kind = 'SPLIT') = (numerator IS NOT NULL AND denominator IS NOT NULL)),
    CHECK ((kind = 'DIVIDEND') = (amount IS NOT NULL))
);
COMMENT ON COLUMN corporate_actions.ex_time IS 'Close of the first bar that trades without it; it acts before that bar''s open.';
