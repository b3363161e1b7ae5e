-- Step 3 of an instant: marks positions and their peaks (NULL where there is no trailing stop), begins a new session
-- and minute of bar time where the instant is another's, notes whether the session's loss limit is reached, asserts the
-- equity identity and writes the snapshot. Marks and peaks are integers in the scale of tradewind.domain.money.
CREATE OR REPLACE FUNCTION update_portfolio_value(
    p_strategy_id text, p_instant timestamptz, p_session integer, p_symbols text[], p_marks bigint[], p_peaks bigint[]
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    books account;
    halt_ends boolean;
    max_loss numeric;
    unrealized numeric;
    day_limit numeric;
    this_minute bigint := floor(extract(epoch FROM p_instant) / 60);
BEGIN
    UPDATE positions p SET mark = m.mark * 0.0001, peak = nullif(m.peak, 0) * 0.0001
    FROM unnest(p_symbols, p_marks, p_peaks) AS m (symbol, mark, peak)
    WHERE p.strategy_id = p_strategy_id AND p.symbol = m.symbol
        AND (p.mark <> m.mark * 0.0001 OR p.peak IS DISTINCT FROM nullif(m.peak, 0) * 0.0001);

    SELECT a.session_day <> p_session AND a.automatic_halt IS NOT NULL, s.max_daily_loss,
        (SELECT coalesce(sum(p.market_value - p.cost), 0) FROM positions p WHERE p.strategy_id = p_strategy_id)
    INTO STRICT halt_ends, max_loss, unrealized
    FROM account a CROSS JOIN strategies s WHERE a.strategy_id = p_strategy_id AND s.strategy_id = p_strategy_id;
    IF halt_ends THEN
        INSERT INTO trading_state_changes (strategy_id, side, state, reason, instant)
        VALUES (p_strategy_id, 'AUTOMATIC', 'ACTIVE', 'a new session begins', p_instant);
    END IF;
    UPDATE account a
    SET session_equity = CASE WHEN a.session_day = p_session THEN a.session_equity ELSE a.marked_equity END,
        automatic_halt = CASE WHEN a.session_day = p_session THEN a.automatic_halt END,
        session_day = p_session,
        orders_in_minute = CASE WHEN a.minute = this_minute THEN a.orders_in_minute ELSE 0 END,
        minute = this_minute,
        marked_equity = a.cash + a.portfolio_value,
        peak_equity = greatest(a.peak_equity, a.cash + a.portfolio_value),
        max_drawdown = least(
            a.max_drawdown,
            round((a.cash + a.portfolio_value) / greatest(a.peak_equity, a.cash + a.portfolio_value) - 1, 8)
        )
    WHERE a.strategy_id = p_strategy_id RETURNING * INTO STRICT books;
    IF books.marked_equity <> books.initial_cash + books.realized_pnl_gross + unrealized - books.fees THEN
        RAISE EXCEPTION 'equity % is not initial % + realized % + unrealized % - fees %', books.marked_equity,
            books.initial_cash, books.realized_pnl_gross, unrealized, books.fees USING ERRCODE = 'TW004';
    END IF;
    IF max_loss > 0 THEN
        day_limit := mul_div(books.session_equity, max_loss, 1);
        IF books.session_equity - books.marked_equity >= day_limit THEN
            PERFORM halt_automatically(
                p_strategy_id, p_instant, 'DAILY_LOSS_LIMIT_REACHED',
                format('lost %s of at most %s', books.session_equity - books.marked_equity, day_limit)
            );
        END IF;
    END IF;
    INSERT INTO portfolio_snapshots (
        strategy_id, instant, cash, reserved, portfolio_value, equity, realized_pnl_gross, unrealized_pnl, fees
    ) VALUES (
        p_strategy_id, p_instant, books.cash, books.reserved, books.portfolio_value, books.marked_equity,
        books.realized_pnl_gross, unrealized, books.fees
    );
END
$$;
