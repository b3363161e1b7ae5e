-- What every service that writes does: take its turn, keep its watermark and publish its outbox.
GRANT EXECUTE ON FUNCTION take_turn, beat, who_writes, end_writer_sessions, check_epoch
TO tradewind_ingestion, tradewind_ml, tradewind_trading;

GRANT SELECT, INSERT, UPDATE (instant) ON watermarks TO tradewind_ingestion, tradewind_ml, tradewind_trading;
GRANT SELECT, INSERT, UPDATE (broker) ON relays TO tradewind_ingestion, tradewind_ml, tradewind_trading;
-- Of a message that waits, only its having been published changes.
GRANT SELECT, INSERT, UPDATE (published_at) ON outbox TO tradewind_ingestion, tradewind_ml, tradewind_trading;
