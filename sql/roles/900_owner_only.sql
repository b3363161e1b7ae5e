-- What no service touches itself, named so that nothing is forgotten. Tables that only procedures, or whoever migrates,
-- read and write: schema_migrations, epochs, writers.
REVOKE ALL ON schema_migrations, epochs, writers FROM PUBLIC;

-- Functions that others call in turn: raise_epoch, check_available_funds, slipped_price, apply_fill, fee_due,
-- opening_part, funds, halt_automatically, submit_order, fill_orders, end_order, update_portfolio_value, apply_split,
-- apply_dividend, charge_borrow, agree,
-- agree_on_fills, agree_on_orders, submit_orders, book_venue, partition_span, list_partitions, lock_for_partitions,
-- list_wanted_spans, copy_span, empty_default, maintain_partitions_of, closed_trade, keep_volatilities.

-- Functions of triggers: validate_order, order_move_is_legal, add_to_portfolio_value, add_new_position,
-- balance_postings, keep_as_booked, post_opening.
