-- The account in the rule book's integers.
SELECT (cash * 10000)::bigint, (reserved * 10000)::bigint, (realized_pnl_gross * 10000)::bigint, (fees * 10000)::bigint,
    (marked_equity * 10000)::bigint, (initial_cash * 10000)::bigint, session_day, (session_equity * 10000)::bigint,
    automatic_halt, minute, orders_in_minute, (margin * 10000)::bigint, wins, losses, (gained * 10000)::bigint,
    (lost * 10000)::bigint
FROM account WHERE strategy_id = %(strategy_id)s
