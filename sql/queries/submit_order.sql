SELECT status, reason, reason_value, reason_limit, reserved FROM submit_order(
    %(client_order_id)s, %(strategy_id)s, %(symbol)s, %(side)s, %(origin)s, %(signal_id)s, %(quantity)s, %(instant)s,
    %(price)s
)
