SELECT prune_outbox(%(owner)s, %(readers)s::text[], now() - %(keep)s::interval, %(most)s)
