INSERT INTO relays (owner, broker) VALUES (%(owner)s, %(broker)s)
ON CONFLICT (owner) DO UPDATE SET broker = excluded.broker
