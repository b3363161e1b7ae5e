-- Keeps account.portfolio_value true from the positions that a statement changed, without adding up the others.
CREATE OR REPLACE FUNCTION add_to_portfolio_value() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account a SET portfolio_value = a.portfolio_value + d.change
    FROM (
        SELECT b.strategy_id, sum(b.value) AS change
        FROM (
            SELECT strategy_id, market_value AS value FROM after_rows
            UNION ALL SELECT strategy_id, -market_value FROM before_rows
        ) b GROUP BY b.strategy_id
    ) d
    WHERE a.strategy_id = d.strategy_id AND d.change <> 0;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_update_portfolio_value
AFTER UPDATE ON positions
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION add_to_portfolio_value();

-- For each row: a statement that inserts or updates is one that inserts as well, and most of them only update.
CREATE OR REPLACE FUNCTION add_new_position() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account SET portfolio_value = portfolio_value + NEW.market_value WHERE strategy_id = NEW.strategy_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_add_portfolio_value
AFTER INSERT ON positions
FOR EACH ROW EXECUTE FUNCTION add_new_position();
