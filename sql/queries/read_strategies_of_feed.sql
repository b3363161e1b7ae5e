SELECT strategy_id FROM strategies WHERE feed_id = %(feed_id)s ORDER BY strategy_id
