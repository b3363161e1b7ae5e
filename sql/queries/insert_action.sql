INSERT INTO corporate_actions (source, symbol, ex_time, kind, numerator, denominator, amount)
VALUES (%(source)s, %(symbol)s, %(ex_time)s, %(kind)s, %(numerator)s, %(denominator)s, %(amount)s)
ON CONFLICT (source, symbol, ex_time, kind) DO NOTHING
