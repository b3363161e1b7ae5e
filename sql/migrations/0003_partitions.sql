-- market_data and portfolio_snapshots become range-partitioned by time. maintain_partitions makes partitions ahead,
-- moves what fell into DEFAULT, and detaches old ones.
--
-- How wide: a decade before 2020, a year since. Daily bars since 2000 are 252 rows a year and symbol: two partitions
-- hold twenty years of them. A year of minute bars is 100,000 rows a symbol, so one partition of twenty symbols' is
-- some 300 MB: small enough to be moved, vacuumed or detached in one go. Months would make 12 times as many, and a
-- query without bounds of time opens them all: a symbol's last close took 0.15 ms of 3 partitions, 0.6 ms of 29, 1.9 ms
-- of 113.
--
-- DEFAULT takes whatever has no partition yet, so that no row is ever refused. The primary keys lead with what the
-- services ask by; BRIN, a few pages a partition, serves who asks for a stretch of time across all symbols or desks.

ALTER TABLE market_data RENAME TO market_data_before;
ALTER INDEX market_data_pkey RENAME TO market_data_before_pkey;
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
) PARTITION BY RANGE (close_time);
CREATE INDEX market_data_by_time ON market_data USING brin (close_time) WITH (pages_per_range = 32);
CREATE TABLE market_data_default PARTITION OF market_data DEFAULT;
CREATE TABLE market_data_2000s PARTITION OF market_data
FOR VALUES FROM ('2000-01-01 00:00:00+00') TO ('2010-01-01 00:00:00+00');
CREATE TABLE market_data_2010s PARTITION OF market_data
FOR VALUES FROM ('2010-01-01 00:00:00+00') TO ('2020-01-01 00:00:00+00');
INSERT INTO market_data (source, symbol, "interval", close_time, open, high, low, close, volume, stored_at)
SELECT source, symbol, "interval", close_time, open, high, low, close, volume, stored_at FROM market_data_before;
DROP TABLE market_data_before;
COMMENT ON TABLE market_data IS 'Bars, once each; raw prices. A bar is stored once it has closed.';

ALTER TABLE portfolio_snapshots RENAME TO portfolio_snapshots_before;
ALTER INDEX portfolio_snapshots_pkey RENAME TO portfolio_snapshots_before_pkey;
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
) PARTITION BY RANGE (instant);
CREATE INDEX portfolio_snapshots_by_time ON portfolio_snapshots USING brin (instant) WITH (pages_per_range = 32);
CREATE TABLE portfolio_snapshots_default PARTITION OF portfolio_snapshots DEFAULT;
CREATE TABLE portfolio_snapshots_2000s PARTITION OF portfolio_snapshots
FOR VALUES FROM ('2000-01-01 00:00:00+00') TO ('2010-01-01 00:00:00+00');
CREATE TABLE portfolio_snapshots_2010s PARTITION OF portfolio_snapshots
FOR VALUES FROM ('2010-01-01 00:00:00+00') TO ('2020-01-01 00:00:00+00');
INSERT INTO portfolio_snapshots (
    strategy_id, instant, cash, reserved, portfolio_value, equity, realized_pnl_gross, unrealized_pnl, fees
)
SELECT strategy_id, instant, cash, reserved, portfolio_value, equity, realized_pnl_gross, unrealized_pnl, fees
FROM portfolio_snapshots_before;
DROP TABLE portfolio_snapshots_before;
COMMENT ON TABLE portfolio_snapshots IS 'The account at each decided instant, at its marks.';
