SELECT request_replace(
    %(strategy_id)s, %(client_order_id)s, %(new_order_id)s, %(quantity)s, %(stop_price)s, %(target_price)s, %(key)s,
    %(fingerprint)s
)
