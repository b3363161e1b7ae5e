SELECT update_portfolio_value(
    %(strategy_id)s, %(instant)s, %(session)s, %(symbols)s::text[], %(marks)s::numeric[]
)
