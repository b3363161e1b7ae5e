-- The trading service keeps the journal, and reads its ledger. It writes the ledger through these procedures alone.
GRANT EXECUTE ON FUNCTION
lock_account, begin_decision, book_instant, record_fault,
request_order, request_cancel, request_replace, flatten, set_trading_state,
get_trading_state, get_portfolio_stats, calculate_position_pnl, mul_div,
maintain_partitions, prune_outbox, prune_idempotency_keys
TO tradewind_trading;

GRANT SELECT ON
account, positions, orders, trades, ledger_entries, portfolio_snapshots, trading_state_changes, strategies, instants,
commands, idempotency_keys, market_data, corporate_actions, trading_signals, volatilities
TO tradewind_trading;
GRANT SELECT, INSERT ON inbox TO tradewind_trading;
GRANT SELECT, INSERT, UPDATE (next_offset) ON offsets TO tradewind_trading;
