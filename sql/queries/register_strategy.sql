INSERT INTO strategies (
    strategy_id, uid, feed_id, manifest, max_position, max_concentration, max_daily_loss, fee_rate, slippage,
    max_order_notional, orders_per_minute, slippage_points, fee_per_unit, fee_per_order, min_fee, cool_down,
    allow_short, borrow_rate, counts_trades
) VALUES (
    %(strategy_id)s, %(uid)s, %(feed_id)s, %(manifest)s, %(max_position)s, %(max_concentration)s, %(max_daily_loss)s,
    %(fee_rate)s, %(slippage)s, %(max_order_notional)s, %(orders_per_minute)s, %(slippage_points)s,
    %(fee_per_unit)s, %(fee_per_order)s, %(min_fee)s, %(cool_down)s, %(allow_short)s, %(borrow_rate)s,
    %(counts_trades)s
) ON CONFLICT (strategy_id) DO NOTHING
