-- Keeps account.portfolio_value true from the one position that changed, without adding up the others.
CREATE OR REPLACE FUNCTION add_to_portfolio_value() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account
    SET portfolio_value = portfolio_value + NEW.market_value
        - CASE TG_OP WHEN 'UPDATE' THEN OLD.market_value ELSE 0 END
    WHERE strategy_id = NEW.strategy_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_update_portfolio_value
AFTER INSERT OR UPDATE OF quantity, mark ON positions
FOR EACH ROW EXECUTE FUNCTION add_to_portfolio_value();
