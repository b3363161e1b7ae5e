SELECT id, fingerprint FROM backtests WHERE key = %(key)s
