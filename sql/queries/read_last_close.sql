SELECT close FROM inbox
WHERE strategy_id = %(strategy_id)s AND symbol = %(symbol)s AND kind = 'BAR'
ORDER BY instant DESC LIMIT 1
