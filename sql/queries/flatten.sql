SELECT answer, created FROM flatten(%(strategy_id)s, %(reason)s, %(key)s, %(fingerprint)s)
