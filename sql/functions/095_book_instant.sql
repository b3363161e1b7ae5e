-- Books everything that the rule book made of one instant, in one call, and raises TW010 where the stored procedures
-- come to another result. Numbers arrive as integers in the scales of tradewind.domain.money.
--   p_actions:   [{posting, symbol, numerator, denominator}, {posting, symbol, dividend} or, first of all, {posting,
--                borrow_days}]
--   p_venue, p_decisions: [{kind, id, symbol, side, origin, signal, quantity, price, fee, realized, reason, value,
--                limit, trade}], in order; p_venue before the marks, p_decisions after them
--   p_commands:  [{id, kind, outcome}], a person's orders and cancels that this instant took up
--   p_peaks:     the highest prices since the positions of p_symbols were opened, 0 for none; NULL without a trailing
--                stop
--   p_account:   the account as the rule book has it: cash, reserved, realized_pnl_gross, fees, marked_equity,
--                initial_cash, session_day, session_equity, automatic_halt (a reason's code), minute,
--                orders_in_minute, margin, wins, losses, gained, lost
--   p_volatilities: how much closes move, as keep_volatilities takes it; NULL without a volatility to aim at
CREATE OR REPLACE FUNCTION book_instant(
    p_strategy_id text, p_epoch bigint, p_instant timestamptz, p_session integer, p_trading_state text,
    p_bars text[], p_signals text[], p_symbols text[], p_marks bigint[],
    p_actions json, p_venue json, p_decisions json, p_commands json, p_account bigint[],
    p_peaks bigint[], p_volatilities json
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
-- A session keeps its plans, and makes them when tables are still empty: they must not read what grows as a whole.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    a record;
    books account;
    booked bigint[];
BEGIN
    INSERT INTO instants (strategy_id, instant, bars, signals, epoch, trading_state)
    VALUES (p_strategy_id, p_instant, p_bars, p_signals, p_epoch, p_trading_state);
    IF p_actions IS NOT NULL THEN
        FOR a IN
            SELECT * FROM json_to_recordset(p_actions)
            AS x (
                posting uuid, symbol text, numerator integer, denominator integer, dividend bigint, borrow_days integer
            )
        LOOP
            IF a.borrow_days IS NOT NULL THEN
                PERFORM charge_borrow(p_strategy_id, a.posting, a.borrow_days, p_instant);
            ELSIF a.dividend IS NULL THEN
                PERFORM apply_split(p_strategy_id, a.posting, a.symbol, a.numerator, a.denominator, p_instant);
            ELSE
                PERFORM apply_dividend(p_strategy_id, a.posting, a.symbol, a.dividend * 0.0001, p_instant);
            END IF;
        END LOOP;
    END IF;
    IF p_venue IS NOT NULL THEN
        PERFORM book_venue(p_strategy_id, p_instant, p_venue);
    END IF;
    PERFORM update_portfolio_value(p_strategy_id, p_instant, p_session, p_symbols, p_marks, p_peaks);
    IF p_volatilities IS NOT NULL THEN
        PERFORM keep_volatilities(p_strategy_id, p_volatilities);
    END IF;
    IF p_decisions IS NOT NULL THEN
        PERFORM submit_orders(p_strategy_id, p_instant, p_decisions);
        PERFORM agree_on_orders(p_decisions);
    END IF;
    IF p_commands IS NOT NULL THEN
        UPDATE commands c SET instant = p_instant, outcome = t.outcome
        FROM json_to_recordset(p_commands) AS t (id uuid, kind text, outcome text)
        WHERE c.client_order_id = t.id AND c.kind = t.kind AND c.strategy_id = p_strategy_id;
    END IF;
    SELECT * INTO STRICT books FROM account WHERE strategy_id = p_strategy_id;
    booked := ARRAY[
        books.cash * 10000, books.reserved * 10000, books.realized_pnl_gross * 10000, books.fees * 10000,
        books.marked_equity * 10000, books.initial_cash * 10000, books.session_day, books.session_equity * 10000,
        CASE books.automatic_halt WHEN 'DAILY_LOSS_LIMIT_REACHED' THEN 5 WHEN 'RATE_LIMIT_EXCEEDED' THEN 8 ELSE 0 END,
        books.minute, books.orders_in_minute, books.margin * 10000, books.wins, books.losses, books.gained * 10000,
        books.lost * 10000
    ];
    IF booked IS DISTINCT FROM p_account THEN
        PERFORM agree('the account', p_account::text, booked::text);
    END IF;
END
$$;
