SELECT prune_idempotency_keys(now() - %(keep)s::interval)
