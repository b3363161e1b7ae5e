SELECT book_instant(
    %(strategy_id)s, %(epoch)s, %(instant)s, %(session)s, %(trading_state)s, %(bars)s, %(signals)s, %(symbols)s,
    %(marks)s::bigint[], %(actions)s, %(venue)s, %(decisions)s, %(commands)s, %(account)s::bigint[],
    %(peaks)s::bigint[], %(volatilities)s
)
