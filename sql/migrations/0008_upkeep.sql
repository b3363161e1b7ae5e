-- Partitions are kept one table at a time: the same procedure with another parameter takes this one's place.
DROP FUNCTION IF EXISTS maintain_partitions(interval, interval);

COMMENT ON COLUMN outbox.published_at IS 'Infinity: no broker takes a message of its size, and it is kept here for good.';
