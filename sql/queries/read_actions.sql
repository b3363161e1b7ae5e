SELECT symbol, ex_time, numerator, denominator, amount FROM corporate_actions
WHERE source = %(source)s AND symbol = ANY(%(symbols)s) ORDER BY ex_time, symbol, kind DESC
