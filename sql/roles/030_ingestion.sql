-- Ingestion stores bars and corporate actions. What is stored stays.
GRANT SELECT, INSERT ON market_data, corporate_actions TO tradewind_ingestion;
