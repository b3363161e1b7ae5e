-- Step 3 of an instant: marks positions, opens a new session where the day changed, notes whether the session's loss
-- limit is reached, asserts the equity identity and writes the snapshot.
CREATE OR REPLACE FUNCTION update_portfolio_value(
    p_strategy_id text, p_instant timestamptz, p_session integer, p_symbols text[], p_marks numeric[]
) RETURNS account
LANGUAGE plpgsql AS $$
DECLARE
    books account;
    unrealized numeric;
    day_limit numeric;
BEGIN
    UPDATE positions p SET mark = m.mark
    FROM unnest(p_symbols, p_marks) AS m (symbol, mark)
    WHERE p.strategy_id = p_strategy_id AND p.symbol = m.symbol AND p.mark <> m.mark;

    SELECT * INTO STRICT books FROM account WHERE strategy_id = p_strategy_id FOR UPDATE;
    SELECT coalesce(sum(market_value - cost), 0) INTO unrealized FROM positions WHERE strategy_id = p_strategy_id;
    IF books.session_day <> p_session THEN
        books.session_day := p_session;
        books.session_equity := books.marked_equity;
        books.loss_reached := false;
    END IF;
    books.marked_equity := books.cash + books.portfolio_value;
    IF books.marked_equity <> books.initial_cash + books.realized_pnl_gross + unrealized - books.fees THEN
        RAISE EXCEPTION 'equity % is not initial % + realized % + unrealized % - fees %', books.marked_equity,
            books.initial_cash, books.realized_pnl_gross, unrealized, books.fees USING ERRCODE = 'TW004';
    END IF;
    SELECT mul_div(books.session_equity, s.max_daily_loss, 1) INTO day_limit
    FROM strategies s WHERE s.strategy_id = p_strategy_id AND s.max_daily_loss > 0;
    IF FOUND AND books.session_equity - books.marked_equity >= day_limit THEN
        books.loss_reached := true;
    END IF;
    UPDATE account
    SET session_day = books.session_day, session_equity = books.session_equity,
        marked_equity = books.marked_equity, loss_reached = books.loss_reached
    WHERE strategy_id = p_strategy_id;
    INSERT INTO portfolio_snapshots (
        strategy_id, instant, cash, reserved, portfolio_value, equity, realized_pnl_gross, unrealized_pnl, fees
    ) VALUES (
        p_strategy_id, p_instant, books.cash, books.reserved, books.portfolio_value, books.marked_equity,
        books.realized_pnl_gross, unrealized, books.fees
    );
    RETURN books;
END
$$;
