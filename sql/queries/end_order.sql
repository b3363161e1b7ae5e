SELECT end_order(%(client_order_id)s, %(status)s, %(reason)s, %(value)s, %(limit)s)
