UPDATE commands SET instant = %(instant)s WHERE client_order_id = %(client_order_id)s
