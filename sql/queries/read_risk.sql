-- Each limit of a strategy and how much of it is in use; what is switched off is NULL.
SELECT a.marked_equity AS equity, a.cash, a.reserved, a.margin,
    a.cash - a.reserved - a.margin AS free_cash,
    nullif(s.max_position, 0) AS max_position, nullif(s.max_concentration, 0) AS max_concentration,
    nullif(s.max_daily_loss, 0) AS max_daily_loss, nullif(s.max_order_notional, 0) AS max_order_notional,
    nullif(s.orders_per_minute, 0) AS orders_per_minute,
    nullif(a.session_day, -1) AS session_day, a.session_equity, a.session_equity - a.marked_equity AS session_loss,
    l.session_loss_limit,
    round(greatest(0, a.session_equity - a.marked_equity) / nullif(l.session_loss_limit, 0), 8) AS session_use,
    to_timestamp(nullif(a.minute, -1) * 60) AS minute, a.orders_in_minute,
    round(a.orders_in_minute / nullif(s.orders_per_minute, 0)::numeric, 8) AS minute_use,
    a.peak_equity, round(least(0, a.marked_equity / a.peak_equity - 1), 8) AS drawdown, a.max_drawdown
FROM account a
JOIN strategies s USING (strategy_id)
CROSS JOIN LATERAL (SELECT mul_div(a.session_equity, nullif(s.max_daily_loss, 0), 1) AS session_loss_limit) l
WHERE strategy_id = %(strategy_id)s
