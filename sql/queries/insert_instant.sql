INSERT INTO instants (strategy_id, instant, bars, signals, epoch)
VALUES (%(strategy_id)s, %(instant)s, %(bars)s, %(signals)s, %(epoch)s)
