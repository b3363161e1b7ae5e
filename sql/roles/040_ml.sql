-- The ml service reads bars, and stores signals, anomalies and models. What is stored stays.
GRANT SELECT ON market_data, corporate_actions TO tradewind_ml;
GRANT SELECT, INSERT ON trading_signals, anomalies, models TO tradewind_ml;
GRANT SELECT, INSERT, UPDATE (next_offset) ON offsets TO tradewind_ml;
