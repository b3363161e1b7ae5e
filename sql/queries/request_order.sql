SELECT client_order_id, created FROM request_order(
    %(strategy_id)s, %(client_order_id)s, %(symbol)s, %(side)s, %(quantity)s, %(stop_price)s, %(target_price)s, %(key)s,
    %(fingerprint)s
)
