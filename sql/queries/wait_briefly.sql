-- Who asks waits for a decision that is being made, and for a leader that is taken over from; not for ever.
SET LOCAL lock_timeout = '15s'
