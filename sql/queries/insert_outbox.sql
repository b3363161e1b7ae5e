INSERT INTO outbox (owner, topic, key, value, headers, instant)
VALUES (%(owner)s, %(topic)s, %(key)s, %(value)s, %(headers)s, %(instant)s)
