-- When signals entered the journal, and what time it is by the same clock.
SELECT signal_id, received_at, clock_timestamp() FROM inbox WHERE signal_id = ANY(%(signal_ids)s)
