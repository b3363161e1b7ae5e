-- Keeps account.portfolio_value true from the positions that a statement changed, without adding up the others.
CREATE OR REPLACE FUNCTION add_to_portfolio_value() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE account a SET portfolio_value = a.portfolio_value + d.change
        FROM (SELECT strategy_id, sum(market_value) AS change FROM after_rows GROUP BY strategy_id) d
        WHERE a.strategy_id = d.strategy_id AND d.change <> 0;
    ELSE
        UPDATE account a SET portfolio_value = a.portfolio_value + d.change
        FROM (
            SELECT b.strategy_id, sum(b.value) AS change
            FROM (
                SELECT strategy_id, market_value AS value FROM after_rows
                UNION ALL SELECT strategy_id, -market_value FROM before_rows
            ) b GROUP BY b.strategy_id
        ) d
        WHERE a.strategy_id = d.strategy_id AND d.change <> 0;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_update_portfolio_value
AFTER UPDATE ON positions
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION add_to_portfolio_value();

CREATE OR REPLACE TRIGGER trigger_add_portfolio_value
AFTER INSERT ON positions
REFERENCING NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION add_to_portfolio_value();
