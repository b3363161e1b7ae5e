-- What a torture knows of its own, beside the platform's tables: what was fed, and what it saw while it went on.
CREATE SCHEMA torture;

CREATE TABLE torture.run (strategy_id text NOT NULL, owner text NOT NULL);
CREATE TABLE torture.fed (
    instant timestamptz NOT NULL,
    symbol text NOT NULL,
    kind text NOT NULL,
    signal_id uuid,
    side text,
    PRIMARY KEY (instant, symbol, kind)
);
-- Every epoch, by the clock of the database, in the transaction that raised it.
CREATE TABLE torture.epochs (
    number bigint GENERATED ALWAYS AS IDENTITY,
    epoch bigint NOT NULL,
    raised_at timestamptz NOT NULL
);
CREATE FUNCTION torture.keep_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO torture.epochs (epoch, raised_at) VALUES (NEW.epoch, clock_timestamp());
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_epoch AFTER INSERT OR UPDATE ON public.epochs
FOR EACH ROW EXECUTE FUNCTION torture.keep_epoch();

-- When the leader of an epoch was brought to an end, by what.
CREATE TABLE torture.takeovers (
    fault text NOT NULL,
    point text NOT NULL,
    ended_at timestamptz NOT NULL,
    epoch bigint NOT NULL
);

-- Read while it went on, in this order.
CREATE TABLE torture.offset_samples (
    number bigint GENERATED ALWAYS AS IDENTITY,
    server_start timestamptz NOT NULL,
    broker text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL
);
-- Read from the broker at the end: where each partition ends, and all that the topics hold.
CREATE TABLE torture.ends (topic text NOT NULL, partition integer NOT NULL, next_offset bigint NOT NULL);
CREATE TABLE torture.messages (
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    value bytea,
    headers jsonb NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);

-- Realized profit, computed again from nothing but what was traded, in order: the average cost goes out with what is
-- sold, rounded half away from zero to 10^-4. Splits change the quantity and leave the cost.
CREATE FUNCTION torture.replay(p_strategy_id text)
RETURNS TABLE (symbol text, posting uuid, realized numeric, quantity numeric, cost numeric)
LANGUAGE plpgsql AS $$
DECLARE
    moved record;
    held_symbol text;
    out_of_cost numeric;
BEGIN
    FOR moved IN
        SELECT e.symbol, e.posting, e.quantity AS change, t.notional
        FROM ledger_entries e
        LEFT JOIN trades t ON t.trade_id = e.posting
        WHERE e.strategy_id = p_strategy_id AND e.ledger_account = 'POSITIONS'
        ORDER BY e.symbol, e.entry_id
    LOOP
        IF moved.symbol IS DISTINCT FROM held_symbol THEN
            held_symbol := moved.symbol;
            quantity := 0;
            cost := 0;
        END IF;
        symbol := moved.symbol;
        posting := moved.posting;
        realized := 0;
        IF moved.notional IS NULL THEN
            NULL;
        ELSIF moved.change > 0 THEN
            cost := cost + moved.notional;
        ELSIF quantity > 0 THEN
            out_of_cost := div(2 * cost * 10000 * -moved.change + quantity, 2 * quantity) * 0.0001;
            realized := moved.notional - out_of_cost;
            cost := cost - out_of_cost;
        END IF;
        quantity := quantity + moved.change;
        RETURN NEXT;
    END LOOP;
END
$$;
