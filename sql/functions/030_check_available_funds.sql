-- Whether the cash that no order has reserved and no short holds covers an amount, and how much of it there is.
CREATE OR REPLACE FUNCTION check_available_funds(
    p_strategy_id text, p_amount numeric, OUT sufficient boolean, OUT free numeric
) LANGUAGE sql STABLE AS $$
    SELECT p_amount <= cash - reserved - margin, cash - reserved - margin FROM account WHERE strategy_id = p_strategy_id
$$;
