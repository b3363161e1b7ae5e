-- Double entry: what is posted together adds up to zero.
CREATE OR REPLACE FUNCTION balance_postings() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    odd record;
BEGIN
    SELECT posting, sum(amount) AS difference INTO odd FROM posted GROUP BY posting HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'posting % is out of balance by %', odd.posting, odd.difference USING ERRCODE = 'TW006';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_balance_postings
AFTER INSERT ON ledger_entries
REFERENCING NEW TABLE AS posted
FOR EACH STATEMENT EXECUTE FUNCTION balance_postings();

-- What was posted and traded stays as it is; a mistake is corrected by another posting.
CREATE OR REPLACE FUNCTION keep_as_booked() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'TW008';
END
$$;

CREATE OR REPLACE TRIGGER trigger_keep_entries
BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH STATEMENT EXECUTE FUNCTION keep_as_booked();

CREATE OR REPLACE TRIGGER trigger_keep_trades
BEFORE UPDATE OR DELETE ON trades
FOR EACH STATEMENT EXECUTE FUNCTION keep_as_booked();

-- An account opens with its first posting: cash against capital, named by the strategy's UID.
CREATE OR REPLACE FUNCTION post_opening() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_entries (strategy_id, posting, ledger_account, amount)
    SELECT NEW.strategy_id, s.uid, e.ledger_account, e.amount
    FROM strategies s, (VALUES ('CASH', NEW.initial_cash), ('CAPITAL', -NEW.initial_cash)) AS e (ledger_account, amount)
    WHERE s.strategy_id = NEW.strategy_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trigger_post_opening
AFTER INSERT ON account
FOR EACH ROW EXECUTE FUNCTION post_opening();
