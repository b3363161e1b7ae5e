-- The platform's tables. Money and prices are NUMERIC(20,4), quantities NUMERIC(28,8), rates NUMERIC(18,8):
-- the scales of tradewind.domain.money. Instants are UTC; a bar is named by the time it closes.

CREATE TABLE strategies (
    strategy_id text PRIMARY KEY CHECK (length(strategy_id) BETWEEN 1 AND 253),
    uid uuid NOT NULL UNIQUE,
    feed_id text NOT NULL,
    manifest jsonb NOT NULL,
    max_position numeric(18, 8) NOT NULL CHECK (max_position >= 0),
    max_concentration numeric(18, 8) NOT NULL CHECK (max_concentration >= 0),
    max_daily_loss numeric(18, 8) NOT NULL CHECK (max_daily_loss >= 0),
    fee_rate numeric(18, 8) NOT NULL CHECK (fee_rate >= 0),
    slippage numeric(18, 8) NOT NULL CHECK (slippage >= 0 AND slippage < 1),
    registered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE strategies IS 'One row a desk; a rate of 0 switches its limit off.';

CREATE TABLE account (
    strategy_id text PRIMARY KEY REFERENCES strategies,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    initial_cash numeric(20, 4) NOT NULL CHECK (initial_cash > 0),
    cash numeric(20, 4) NOT NULL CHECK (cash >= 0),
    reserved numeric(20, 4) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    realized_pnl_gross numeric(20, 4) NOT NULL DEFAULT 0,
    fees numeric(20, 4) NOT NULL DEFAULT 0 CHECK (fees >= 0),
    portfolio_value numeric(20, 4) NOT NULL DEFAULT 0,
    marked_equity numeric(20, 4) NOT NULL,
    session_day integer NOT NULL DEFAULT -1,
    session_equity numeric(20, 4) NOT NULL,
    loss_reached boolean NOT NULL DEFAULT false,
    trading_state text NOT NULL DEFAULT 'ACTIVE' CHECK (trading_state IN ('ACTIVE', 'REDUCING', 'HALTED')),
    halt_reason text,
    CHECK (reserved <= cash),
    CHECK ((trading_state = 'HALTED') = (halt_reason IS NOT NULL))
);
COMMENT ON COLUMN account.portfolio_value IS 'Sum of the positions'' market values, kept by trigger_update_portfolio_value.';
COMMENT ON COLUMN account.marked_equity IS 'Equity at the last instant''s marks.';

CREATE TABLE positions (
    strategy_id text NOT NULL REFERENCES account,
    symbol text NOT NULL,
    quantity numeric(28, 8) NOT NULL CHECK (quantity >= 0),
    cost numeric(20, 4) NOT NULL CHECK (cost >= 0),
    mark numeric(20, 4) NOT NULL CHECK (mark > 0),
    realized_pnl_gross numeric(20, 4) NOT NULL DEFAULT 0,
    fees numeric(20, 4) NOT NULL DEFAULT 0,
    market_value numeric(20, 4) GENERATED ALWAYS AS (round(mark * quantity, 4)) STORED,
    PRIMARY KEY (strategy_id, symbol),
    CHECK (quantity > 0 OR cost = 0)
);

CREATE TABLE market_data (
    source text NOT NULL,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamptz NOT NULL,
    open numeric(20, 4) NOT NULL CHECK (open > 0),
    high numeric(20, 4) NOT NULL,
    low numeric(20, 4) NOT NULL,
    close numeric(20, 4) NOT NULL CHECK (close > 0),
    volume numeric(28, 8) NOT NULL CHECK (volume >= 0),
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, symbol, "interval", close_time),
    CHECK (low > 0 AND low <= least(open, close) AND high >= greatest(open, close))
);

CREATE TABLE trading_signals (
    signal_id uuid PRIMARY KEY,
    strategy_id text NOT NULL REFERENCES strategies,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamptz NOT NULL,
    side text NOT NULL CHECK (side IN ('BUY', 'SELL', 'HOLD')),
    expected_return numeric(18, 8),
    confidence numeric(18, 8) CHECK (confidence BETWEEN 0 AND 1),
    model_version text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (strategy_id, symbol, "interval", close_time)
);

CREATE TABLE anomalies (
    strategy_id text NOT NULL REFERENCES strategies,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamptz NOT NULL,
    score numeric(18, 8) NOT NULL,
    threshold numeric(18, 8) NOT NULL,
    model_version text NOT NULL,
    features jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (strategy_id, symbol, "interval", close_time)
);

CREATE TABLE models (
    strategy_id text NOT NULL REFERENCES strategies,
    model_version text NOT NULL,
    trained_through timestamptz NOT NULL,
    data_fingerprint text NOT NULL,
    artifact text NOT NULL,
    parameters jsonb NOT NULL,
    metrics jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (strategy_id, model_version)
);
COMMENT ON COLUMN models.trained_through IS 'Close of the last bar that training saw.';

-- The journal: everything that a desk decides on.

CREATE TABLE inbox (
    strategy_id text NOT NULL REFERENCES strategies,
    instant timestamptz NOT NULL,
    symbol text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('BAR', 'MISSING', 'SIGNAL')),
    open numeric(20, 4),
    high numeric(20, 4),
    low numeric(20, 4),
    close numeric(20, 4),
    signal_id uuid UNIQUE,
    side text CHECK (side IN ('BUY', 'SELL', 'HOLD')),
    late boolean NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (strategy_id, instant, symbol, kind),
    CHECK ((kind = 'BAR') = (open IS NOT NULL AND high IS NOT NULL AND low IS NOT NULL AND close IS NOT NULL)),
    CHECK ((kind = 'SIGNAL') = (signal_id IS NOT NULL AND side IS NOT NULL))
);
COMMENT ON COLUMN inbox.late IS 'Came after its instant was decided: recorded, never traded.';

CREATE TABLE instants (
    strategy_id text NOT NULL REFERENCES strategies,
    instant timestamptz NOT NULL,
    bars text[] NOT NULL,
    signals text[] NOT NULL,
    epoch bigint NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (strategy_id, instant)
);
COMMENT ON TABLE instants IS 'The instants that were decided, and whose bars and signals took part.';

-- The ledger.

CREATE TABLE orders (
    client_order_id uuid PRIMARY KEY,
    strategy_id text NOT NULL REFERENCES account,
    symbol text NOT NULL,
    side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    origin text NOT NULL CHECK (origin IN ('SIGNAL', 'COMMAND', 'STOP_LOSS', 'TAKE_PROFIT')),
    signal_id uuid UNIQUE REFERENCES inbox (signal_id),
    quantity numeric(28, 8) NOT NULL CHECK (quantity > 0),
    filled_qty numeric(28, 8) NOT NULL DEFAULT 0 CHECK (filled_qty >= 0),
    avg_px numeric(20, 4),
    status text NOT NULL CHECK (status IN (
        'INITIALIZED', 'DENIED', 'SUBMITTED', 'ACCEPTED', 'REJECTED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL',
        'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED'
    )),
    decided_at timestamptz,
    decision_px numeric(20, 4) CHECK (decision_px > 0),
    reserved numeric(20, 4) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    reason text,
    reason_value numeric(28, 8),
    reason_limit numeric(28, 8),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (filled_qty <= quantity),
    CHECK ((origin = 'SIGNAL') = (signal_id IS NOT NULL)),
    CHECK ((status = 'FILLED') = (filled_qty = quantity)),
    CHECK (status = 'INITIALIZED' OR (decided_at IS NOT NULL AND decision_px IS NOT NULL)),
    CHECK ((status IN ('DENIED', 'REJECTED', 'CANCELED', 'EXPIRED')) = (reason IS NOT NULL))
);
CREATE INDEX orders_by_strategy ON orders (strategy_id, created_at);
CREATE UNIQUE INDEX orders_one_working ON orders (strategy_id, symbol)
WHERE status IN ('SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL', 'PARTIALLY_FILLED');

CREATE TABLE trades (
    trade_id uuid PRIMARY KEY,
    client_order_id uuid NOT NULL REFERENCES orders,
    strategy_id text NOT NULL REFERENCES account,
    symbol text NOT NULL,
    side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    last_qty numeric(28, 8) NOT NULL CHECK (last_qty > 0),
    last_px numeric(20, 4) NOT NULL CHECK (last_px > 0),
    notional numeric(20, 4) NOT NULL CHECK (notional >= 0),
    fee numeric(20, 4) NOT NULL CHECK (fee >= 0),
    realized_pnl_gross numeric(20, 4) NOT NULL,
    instant timestamptz NOT NULL,
    fill_number bigint GENERATED ALWAYS AS IDENTITY
);
COMMENT ON TABLE trades IS 'One row a fill.';
CREATE INDEX trades_by_strategy ON trades (strategy_id, fill_number);
CREATE INDEX trades_by_order ON trades (client_order_id);

CREATE TABLE portfolio_snapshots (
    strategy_id text NOT NULL REFERENCES account,
    instant timestamptz NOT NULL,
    cash numeric(20, 4) NOT NULL,
    reserved numeric(20, 4) NOT NULL,
    portfolio_value numeric(20, 4) NOT NULL,
    equity numeric(20, 4) NOT NULL,
    realized_pnl_gross numeric(20, 4) NOT NULL,
    unrealized_pnl numeric(20, 4) NOT NULL,
    fees numeric(20, 4) NOT NULL,
    PRIMARY KEY (strategy_id, instant),
    CHECK (equity = cash + portfolio_value)
);

CREATE TABLE commands (
    client_order_id uuid PRIMARY KEY REFERENCES orders,
    strategy_id text NOT NULL REFERENCES strategies,
    symbol text NOT NULL,
    side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    quantity numeric(28, 8) NOT NULL CHECK (quantity > 0),
    received bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    instant timestamptz,
    FOREIGN KEY (strategy_id, instant) REFERENCES instants
);
COMMENT ON COLUMN commands.instant IS 'When a person''s order entered the journal; NULL while it waits.';
CREATE INDEX commands_waiting ON commands (strategy_id, received) WHERE instant IS NULL;

-- Kafka and Postgres together.

CREATE TABLE outbox (
    outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    topic text NOT NULL,
    key bytea,
    value bytea,
    headers jsonb NOT NULL DEFAULT '{}',
    instant timestamptz,
    published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (owner, outbox_id) WHERE published_at IS NULL;
CREATE INDEX outbox_by_instant ON outbox (owner, instant);

CREATE TABLE offsets (
    consumer_group text NOT NULL,
    broker text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL CHECK (partition >= 0),
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    PRIMARY KEY (consumer_group, broker, topic, partition)
);

CREATE TABLE watermarks (
    owner text PRIMARY KEY,
    instant timestamptz NOT NULL
);
COMMENT ON TABLE watermarks IS 'The last instant that a feed has handed out, or that a reader is done with.';

CREATE TABLE relays (
    owner text PRIMARY KEY,
    broker text NOT NULL
);
COMMENT ON TABLE relays IS 'The broker that an owner''s outbox was last published to.';

CREATE TABLE epochs (
    owner text PRIMARY KEY,
    epoch bigint NOT NULL CHECK (epoch > 0),
    holder text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
