SELECT request_cancel(%(strategy_id)s, %(client_order_id)s, 'PENDING_CANCEL')
