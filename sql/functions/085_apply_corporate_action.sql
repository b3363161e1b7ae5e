-- A split or a dividend on one position, as domain.rules.actions; the same action twice changes nothing.
CREATE OR REPLACE FUNCTION apply_split(
    p_strategy_id text, p_posting uuid, p_symbol text, p_numerator integer, p_denominator integer,
    p_instant timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    held positions;
    after numeric;
    lost numeric := 0;
    closed numeric := 0;
BEGIN
    SELECT * INTO held FROM positions WHERE strategy_id = p_strategy_id AND symbol = p_symbol FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM ledger_entries WHERE posting = p_posting) THEN
        RETURN;
    END IF;
    -- Quantities have twice the decimals of money, so that mul_div's rounding needs them scaled.
    after := mul_div(held.quantity * 10000, p_numerator, p_denominator) * 0.0001;
    IF after = 0 THEN
        lost := held.cost;
        closed := coalesce(held.earned - lost, 0);
    END IF;
    UPDATE positions
    SET quantity = after,
        cost = held.cost - lost,
        mark = greatest(0.0001, mul_div(mark, p_denominator, p_numerator)),
        -- greatest() passes over NULL: no bracket must stay none.
        stop_price = CASE
            WHEN after <> 0 AND stop_price > 0 THEN greatest(0.0001, mul_div(stop_price, p_denominator, p_numerator))
        END,
        target_price = CASE
            WHEN after <> 0 AND target_price > 0 THEN greatest(0.0001, mul_div(target_price, p_denominator, p_numerator))
        END,
        peak = CASE WHEN after <> 0 AND peak > 0 THEN greatest(0.0001, mul_div(peak, p_denominator, p_numerator)) END,
        earned = CASE WHEN after <> 0 OR earned IS NULL THEN earned ELSE 0 END,
        realized_pnl_gross = realized_pnl_gross - lost
    WHERE strategy_id = p_strategy_id AND symbol = p_symbol;
    IF held.quantity = 0 THEN
        RETURN;
    END IF;
    INSERT INTO ledger_entries (strategy_id, posting, ledger_account, symbol, amount, quantity, instant)
    VALUES (p_strategy_id, p_posting, 'POSITIONS', p_symbol, -lost, after - held.quantity, p_instant),
        (p_strategy_id, p_posting, 'REALIZED_PNL', NULL, lost, 0, p_instant);
    UPDATE account a
    SET realized_pnl_gross = a.realized_pnl_gross - held.cost,
        margin = a.margin - 2 * greatest(0, -held.cost),
        wins = a.wins + (closed > 0)::integer,
        losses = a.losses + (closed < 0)::integer,
        gained = a.gained + greatest(closed, 0),
        lost = a.lost + greatest(-closed, 0)
    WHERE a.strategy_id = p_strategy_id AND after = 0;
END
$$;

CREATE OR REPLACE FUNCTION apply_dividend(
    p_strategy_id text, p_posting uuid, p_symbol text, p_amount numeric, p_instant timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
BEGIN
    SELECT mul_div(p_amount, quantity, 1) INTO paid
    FROM positions WHERE strategy_id = p_strategy_id AND symbol = p_symbol;
    IF coalesce(paid, 0) = 0 OR EXISTS (SELECT FROM ledger_entries WHERE posting = p_posting) THEN
        RETURN;
    END IF;
    UPDATE positions p SET realized_pnl_gross = p.realized_pnl_gross + paid, earned = p.earned + paid
    WHERE p.strategy_id = p_strategy_id AND p.symbol = p_symbol;
    UPDATE account SET cash = cash + paid, realized_pnl_gross = realized_pnl_gross + paid
    WHERE strategy_id = p_strategy_id;
    INSERT INTO ledger_entries (strategy_id, posting, ledger_account, amount, instant)
    VALUES (p_strategy_id, p_posting, 'CASH', paid, p_instant),
        (p_strategy_id, p_posting, 'DIVIDENDS', -paid, p_instant);
END
$$;
