SELECT p.symbol, p.quantity, p.cost, p.mark, p.market_value, p.stop_price, p.target_price, l.avg_px,
    l.realized_pnl_gross, l.fees, l.realized_pnl, l.unrealized_pnl
FROM positions p CROSS JOIN LATERAL calculate_position_pnl(p.strategy_id, p.symbol) l
WHERE p.strategy_id = %(strategy_id)s ORDER BY p.symbol
