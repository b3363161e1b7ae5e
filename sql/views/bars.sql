-- The stored bars, raw prices.
CREATE VIEW analytics.bars AS
SELECT m.source, m.symbol, m.interval, m.close_time, m.open, m.high, m.low, m.close, m.volume
FROM market_data m;
