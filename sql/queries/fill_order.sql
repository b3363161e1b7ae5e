SELECT fee, realized FROM fill_order(%(client_order_id)s, %(trade_id)s, %(quantity)s, %(price)s, %(instant)s)
