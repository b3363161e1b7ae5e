-- A database as version 0.1.0 left it: its schema, and the rows of two desks. One trades the sample's bars (fills, an
-- order at work, denied orders, a person's order that waits, a bar that came late); the other reached its daily loss
-- and is halted. Made with `pg_dump --no-owner --no-privileges --inserts` on PostgreSQL 15.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.add_to_portfolio_value() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE account
    SET portfolio_value = portfolio_value + NEW.market_value
        - CASE TG_OP WHEN 'UPDATE' THEN OLD.market_value ELSE 0 END
    WHERE strategy_id = NEW.strategy_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.apply_fill(p_quantity numeric, p_cost numeric, p_fill_quantity numeric, p_fill_notional numeric, OUT quantity numeric, OUT cost numeric, OUT realized numeric) RETURNS record
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    closed numeric;
    closed_cost numeric;
    closed_notional numeric;
BEGIN
    quantity := p_quantity + p_fill_quantity;
    IF p_quantity = 0 OR (p_quantity > 0) = (p_fill_quantity > 0) THEN
        cost := p_cost + p_fill_notional;
        realized := 0;
        RETURN;
    END IF;
    closed := least(abs(p_quantity), abs(p_fill_quantity));
    closed_cost := mul_div(p_cost, closed, abs(p_quantity));
    closed_notional := mul_div(p_fill_notional, closed, abs(p_fill_quantity));
    realized := -closed_notional - closed_cost;
    cost := CASE
        WHEN abs(p_fill_quantity) > abs(p_quantity) THEN p_fill_notional - closed_notional
        ELSE p_cost - closed_cost
    END;
END
$$;

CREATE FUNCTION public.calculate_position_pnl(p_strategy_id text, p_symbol text, OUT avg_px numeric, OUT realized_pnl_gross numeric, OUT fees numeric, OUT realized_pnl numeric, OUT unrealized_pnl numeric) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    SELECT
        CASE WHEN quantity > 0 THEN mul_div(cost, 1, quantity) END,
        realized_pnl_gross, fees, realized_pnl_gross - fees, market_value - cost
    FROM positions WHERE strategy_id = p_strategy_id AND symbol = p_symbol
$$;

CREATE FUNCTION public.check_available_funds(p_strategy_id text, p_amount numeric, OUT sufficient boolean, OUT free numeric) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    SELECT p_amount <= cash - reserved, cash - reserved FROM account WHERE strategy_id = p_strategy_id
$$;

CREATE FUNCTION public.check_epoch(p_owner text, p_epoch bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    current bigint;
BEGIN
    SELECT epoch INTO current FROM epochs WHERE owner = p_owner FOR SHARE;
    IF current IS DISTINCT FROM p_epoch THEN
        RAISE EXCEPTION 'epoch % of % is over: the current one is %', p_epoch, p_owner, current
            USING ERRCODE = 'TW001';
    END IF;
END
$$;

CREATE FUNCTION public.end_order(p_client_order_id uuid, p_status text, p_reason text, p_value numeric, p_limit numeric) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    placed orders;
BEGIN
    SELECT * INTO STRICT placed FROM orders WHERE client_order_id = p_client_order_id FOR UPDATE;
    IF placed.status = p_status THEN
        RETURN;
    END IF;
    UPDATE orders
    SET status = p_status, reason = p_reason, reason_value = p_value, reason_limit = p_limit, reserved = 0
    WHERE client_order_id = p_client_order_id;
    UPDATE account SET reserved = reserved - placed.reserved WHERE strategy_id = placed.strategy_id;
END
$$;

CREATE FUNCTION public.fill_order(p_client_order_id uuid, p_trade_id uuid, p_last_qty numeric, p_last_px numeric, p_instant timestamp with time zone, OUT fee numeric, OUT realized numeric) RETURNS record
    LANGUAGE plpgsql
    AS $$
DECLARE
    placed orders;
    held positions;
    direction integer;
    notional numeric;
    now_held record;
BEGIN
    SELECT t.fee, t.realized_pnl_gross INTO fee, realized FROM trades t WHERE t.trade_id = p_trade_id;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO STRICT placed FROM orders WHERE client_order_id = p_client_order_id FOR UPDATE;
    direction := CASE placed.side WHEN 'BUY' THEN 1 ELSE -1 END;
    notional := mul_div(p_last_px, p_last_qty, 1);
    SELECT mul_div(notional, s.fee_rate, 1) INTO fee FROM strategies s WHERE s.strategy_id = placed.strategy_id;

    INSERT INTO positions (strategy_id, symbol, quantity, cost, mark)
    VALUES (placed.strategy_id, placed.symbol, 0, 0, p_last_px) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT held FROM positions p
    WHERE p.strategy_id = placed.strategy_id AND p.symbol = placed.symbol FOR UPDATE;
    SELECT * INTO now_held
    FROM apply_fill(held.quantity, held.cost, direction * p_last_qty, direction * notional);
    realized := now_held.realized;

    UPDATE account a
    SET cash = a.cash - direction * notional - fill_order.fee,
        reserved = a.reserved - placed.reserved,
        realized_pnl_gross = a.realized_pnl_gross + realized,
        fees = a.fees + fill_order.fee
    WHERE a.strategy_id = placed.strategy_id;
    UPDATE positions p
    SET quantity = now_held.quantity, cost = now_held.cost, fees = p.fees + fill_order.fee,
        realized_pnl_gross = p.realized_pnl_gross + realized
    WHERE p.strategy_id = placed.strategy_id AND p.symbol = placed.symbol;
    UPDATE orders o
    SET filled_qty = o.filled_qty + p_last_qty,
        avg_px = mul_div(
            coalesce(o.avg_px, 0) * o.filled_qty + p_last_px * p_last_qty, 1, o.filled_qty + p_last_qty
        ),
        status = CASE WHEN o.filled_qty + p_last_qty = o.quantity THEN 'FILLED' ELSE 'PARTIALLY_FILLED' END,
        reserved = 0
    WHERE o.client_order_id = p_client_order_id;
    INSERT INTO trades (
        trade_id, client_order_id, strategy_id, symbol, side, last_qty, last_px, notional, fee, realized_pnl_gross,
        instant
    ) VALUES (
        p_trade_id, p_client_order_id, placed.strategy_id, placed.symbol, placed.side, p_last_qty, p_last_px, notional,
        fee, realized, p_instant
    );
END
$$;

CREATE FUNCTION public.get_portfolio_stats(p_strategy_id text, OUT equity numeric, OUT cash numeric, OUT portfolio_value numeric, OUT realized_pnl_gross numeric, OUT fees numeric, OUT unrealized_pnl numeric, OUT total_return numeric, OUT max_drawdown numeric, OUT fills bigint, OUT open_positions bigint) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    WITH peaks AS (
        SELECT s.equity, greatest(a.initial_cash, max(s.equity) OVER (ORDER BY s.instant)) AS peak
        FROM portfolio_snapshots s JOIN account a USING (strategy_id)
        WHERE s.strategy_id = p_strategy_id
    )
    SELECT
        a.cash + a.portfolio_value, a.cash, a.portfolio_value, a.realized_pnl_gross, a.fees,
        a.cash + a.portfolio_value - a.initial_cash - a.realized_pnl_gross + a.fees,
        round((a.cash + a.portfolio_value) / a.initial_cash - 1, 8),
        (SELECT round(min(p.equity / p.peak - 1), 8) FROM peaks p),
        (SELECT count(*) FROM trades t WHERE t.strategy_id = p_strategy_id),
        (SELECT count(*) FROM positions p WHERE p.strategy_id = p_strategy_id AND p.quantity > 0)
    FROM account a WHERE a.strategy_id = p_strategy_id
$$;

CREATE FUNCTION public.halt_trading(p_strategy_id text, p_reason text) RETURNS void
    LANGUAGE sql
    AS $$
    UPDATE account SET trading_state = 'HALTED', halt_reason = p_reason
    WHERE strategy_id = p_strategy_id AND trading_state <> 'HALTED'
$$;

CREATE FUNCTION public.mul_div(a numeric, b numeric, d numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    product numeric := a * b * 10000;
    quotient numeric;
BEGIN
    IF d <= 0 THEN
        RAISE EXCEPTION 'mul_div: the divisor must be positive' USING ERRCODE = 'TW002';
    END IF;
    quotient := div(2 * abs(product) + d, 2 * d);
    IF quotient > 9223372036854775807 THEN
        RAISE EXCEPTION 'mul_div: the result passes 64 bits' USING ERRCODE = 'TW003';
    END IF;
    RETURN sign(product) * quotient * 0.0001;
END
$$;

CREATE FUNCTION public.order_move_is_legal(was text, wanted text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT wanted = ANY (CASE was
        WHEN 'INITIALIZED' THEN ARRAY['DENIED', 'SUBMITTED', 'ACCEPTED']
        WHEN 'SUBMITTED' THEN ARRAY['ACCEPTED', 'REJECTED', 'PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL',
            'PENDING_UPDATE', 'CANCELED', 'EXPIRED']
        WHEN 'ACCEPTED' THEN ARRAY['TRIGGERED', 'REJECTED', 'PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL',
            'PENDING_UPDATE', 'CANCELED', 'EXPIRED']
        WHEN 'TRIGGERED' THEN ARRAY['REJECTED', 'PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL', 'PENDING_UPDATE',
            'CANCELED', 'EXPIRED']
        WHEN 'PARTIALLY_FILLED' THEN ARRAY['PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL', 'PENDING_UPDATE',
            'CANCELED', 'EXPIRED']
        WHEN 'PENDING_UPDATE' THEN ARRAY['ACCEPTED', 'REJECTED', 'PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL',
            'PENDING_UPDATE', 'CANCELED', 'EXPIRED']
        WHEN 'PENDING_CANCEL' THEN ARRAY['ACCEPTED', 'PARTIALLY_FILLED', 'FILLED', 'PENDING_CANCEL',
            'PENDING_UPDATE', 'CANCELED', 'EXPIRED']
        ELSE ARRAY[]::text[]
    END)
$$;

CREATE FUNCTION public.raise_epoch(p_owner text, p_holder text) RETURNS bigint
    LANGUAGE sql
    AS $$
    INSERT INTO epochs AS e (owner, epoch, holder) VALUES (p_owner, 1, p_holder)
    ON CONFLICT (owner) DO UPDATE
    SET epoch = e.epoch + 1, holder = excluded.holder, raised_at = clock_timestamp()
    RETURNING epoch
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.orders (
    client_order_id uuid NOT NULL,
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    origin text NOT NULL,
    signal_id uuid,
    quantity numeric(28,8) NOT NULL,
    filled_qty numeric(28,8) DEFAULT 0 NOT NULL,
    avg_px numeric(20,4),
    status text NOT NULL,
    decided_at timestamp with time zone,
    decision_px numeric(20,4),
    reserved numeric(20,4) DEFAULT 0 NOT NULL,
    reason text,
    reason_value numeric(28,8),
    reason_limit numeric(28,8),
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT orders_check CHECK ((filled_qty <= quantity)),
    CONSTRAINT orders_check1 CHECK (((origin = 'SIGNAL'::text) = (signal_id IS NOT NULL))),
    CONSTRAINT orders_check2 CHECK (((status = 'FILLED'::text) = (filled_qty = quantity))),
    CONSTRAINT orders_check3 CHECK (((status = 'INITIALIZED'::text) OR ((decided_at IS NOT NULL) AND (decision_px IS NOT NULL)))),
    CONSTRAINT orders_check4 CHECK (((status = ANY (ARRAY['DENIED'::text, 'REJECTED'::text, 'CANCELED'::text, 'EXPIRED'::text])) = (reason IS NOT NULL))),
    CONSTRAINT orders_decision_px_check CHECK ((decision_px > (0)::numeric)),
    CONSTRAINT orders_filled_qty_check CHECK ((filled_qty >= (0)::numeric)),
    CONSTRAINT orders_origin_check CHECK ((origin = ANY (ARRAY['SIGNAL'::text, 'COMMAND'::text, 'STOP_LOSS'::text, 'TAKE_PROFIT'::text]))),
    CONSTRAINT orders_quantity_check CHECK ((quantity > (0)::numeric)),
    CONSTRAINT orders_reserved_check CHECK ((reserved >= (0)::numeric)),
    CONSTRAINT orders_side_check CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text]))),
    CONSTRAINT orders_status_check CHECK ((status = ANY (ARRAY['INITIALIZED'::text, 'DENIED'::text, 'SUBMITTED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'TRIGGERED'::text, 'PENDING_UPDATE'::text, 'PENDING_CANCEL'::text, 'PARTIALLY_FILLED'::text, 'FILLED'::text, 'CANCELED'::text, 'EXPIRED'::text])))
);

CREATE FUNCTION public.submit_order(p_client_order_id uuid, p_strategy_id text, p_symbol text, p_side text, p_origin text, p_signal_id uuid, p_quantity numeric, p_instant timestamp with time zone, p_price numeric) RETURNS public.orders
    LANGUAGE plpgsql
    AS $$
DECLARE
    placed orders;
BEGIN
    INSERT INTO orders AS o (
        client_order_id, strategy_id, symbol, side, origin, signal_id, quantity, status, decided_at, decision_px
    ) VALUES (
        p_client_order_id, p_strategy_id, p_symbol, p_side, p_origin, p_signal_id, p_quantity, 'ACCEPTED', p_instant,
        p_price
    )
    ON CONFLICT (client_order_id) DO UPDATE
    SET status = 'ACCEPTED', decided_at = excluded.decided_at, decision_px = excluded.decision_px
    WHERE o.status = 'INITIALIZED'
    RETURNING * INTO placed;
    IF placed IS NULL THEN
        SELECT * INTO placed FROM orders WHERE client_order_id = p_client_order_id;
        RETURN placed;
    END IF;
    IF placed.reserved > 0 THEN
        UPDATE account SET reserved = reserved + placed.reserved WHERE strategy_id = p_strategy_id;
    END IF;
    RETURN placed;
END
$$;

CREATE TABLE public.account (
    strategy_id text NOT NULL,
    currency text NOT NULL,
    initial_cash numeric(20,4) NOT NULL,
    cash numeric(20,4) NOT NULL,
    reserved numeric(20,4) DEFAULT 0 NOT NULL,
    realized_pnl_gross numeric(20,4) DEFAULT 0 NOT NULL,
    fees numeric(20,4) DEFAULT 0 NOT NULL,
    portfolio_value numeric(20,4) DEFAULT 0 NOT NULL,
    marked_equity numeric(20,4) NOT NULL,
    session_day integer DEFAULT '-1'::integer NOT NULL,
    session_equity numeric(20,4) NOT NULL,
    loss_reached boolean DEFAULT false NOT NULL,
    trading_state text DEFAULT 'ACTIVE'::text NOT NULL,
    halt_reason text,
    CONSTRAINT account_cash_check CHECK ((cash >= (0)::numeric)),
    CONSTRAINT account_check CHECK ((reserved <= cash)),
    CONSTRAINT account_check1 CHECK (((trading_state = 'HALTED'::text) = (halt_reason IS NOT NULL))),
    CONSTRAINT account_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT account_fees_check CHECK ((fees >= (0)::numeric)),
    CONSTRAINT account_initial_cash_check CHECK ((initial_cash > (0)::numeric)),
    CONSTRAINT account_reserved_check CHECK ((reserved >= (0)::numeric)),
    CONSTRAINT account_trading_state_check CHECK ((trading_state = ANY (ARRAY['ACTIVE'::text, 'REDUCING'::text, 'HALTED'::text])))
);

COMMENT ON COLUMN public.account.portfolio_value IS 'Sum of the positions'' market values, kept by trigger_update_portfolio_value.';

COMMENT ON COLUMN public.account.marked_equity IS 'Equity at the last instant''s marks.';

CREATE FUNCTION public.update_portfolio_value(p_strategy_id text, p_instant timestamp with time zone, p_session integer, p_symbols text[], p_marks numeric[]) RETURNS public.account
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.validate_order() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    rules strategies;
    books account;
    held_quantity numeric := 0;
    held_cost numeric := 0;
    held_value numeric := 0;
    notional numeric;
    slipped numeric;
    need numeric;
BEGIN
    NEW.updated_at := clock_timestamp();
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT order_move_is_legal(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'order % is % and cannot become %', OLD.client_order_id, OLD.status, NEW.status
            USING ERRCODE = 'TW005';
    END IF;
    IF NEW.status <> 'ACCEPTED' OR (TG_OP = 'UPDATE' AND OLD.status <> 'INITIALIZED') THEN
        RETURN NEW;
    END IF;

    SELECT * INTO STRICT rules FROM strategies WHERE strategy_id = NEW.strategy_id;
    SELECT * INTO STRICT books FROM account WHERE strategy_id = NEW.strategy_id FOR UPDATE;
    SELECT quantity, cost, market_value INTO held_quantity, held_cost, held_value
    FROM positions WHERE strategy_id = NEW.strategy_id AND symbol = NEW.symbol;
    held_quantity := coalesce(held_quantity, 0);

    IF NEW.side = 'SELL' THEN
        IF NEW.quantity > held_quantity THEN
            NEW.reason := 'REDUCE_ONLY_WOULD_INCREASE_POSITION';
            NEW.reason_value := NEW.quantity;
            NEW.reason_limit := held_quantity;
        END IF;
    ELSE
        notional := mul_div(NEW.decision_px, NEW.quantity, 1);
        slipped := mul_div(NEW.decision_px + mul_div(NEW.decision_px, rules.slippage, 1), NEW.quantity, 1);
        need := slipped + mul_div(slipped, rules.fee_rate, 1);
        IF books.loss_reached THEN
            NEW.reason := 'DAILY_LOSS_LIMIT_REACHED';
            NEW.reason_value := books.session_equity - books.marked_equity;
            NEW.reason_limit := mul_div(books.session_equity, rules.max_daily_loss, 1);
        ELSIF rules.max_position > 0
            AND coalesce(held_cost, 0) + notional > mul_div(books.marked_equity, rules.max_position, 1) THEN
            NEW.reason := 'POSITION_EXCEEDS_MAXIMUM';
            NEW.reason_value := coalesce(held_cost, 0) + notional;
            NEW.reason_limit := mul_div(books.marked_equity, rules.max_position, 1);
        ELSIF rules.max_concentration > 0
            AND coalesce(held_value, 0) + notional > mul_div(books.marked_equity, rules.max_concentration, 1) THEN
            NEW.reason := 'CONCENTRATION_EXCEEDS_MAXIMUM';
            NEW.reason_value := coalesce(held_value, 0) + notional;
            NEW.reason_limit := mul_div(books.marked_equity, rules.max_concentration, 1);
        ELSIF NOT (SELECT f.sufficient FROM check_available_funds(NEW.strategy_id, need) f) THEN
            NEW.reason := 'NOTIONAL_EXCEEDS_FREE_BALANCE';
            NEW.reason_value := need;
            NEW.reason_limit := books.cash - books.reserved;
        ELSE
            NEW.reserved := need;
        END IF;
    END IF;
    IF NEW.reason IS NOT NULL THEN
        NEW.status := 'DENIED';
    END IF;
    RETURN NEW;
END
$$;

CREATE TABLE public.anomalies (
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamp with time zone NOT NULL,
    score numeric(18,8) NOT NULL,
    threshold numeric(18,8) NOT NULL,
    model_version text NOT NULL,
    features jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.commands (
    client_order_id uuid NOT NULL,
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    quantity numeric(28,8) NOT NULL,
    received bigint NOT NULL,
    instant timestamp with time zone,
    CONSTRAINT commands_quantity_check CHECK ((quantity > (0)::numeric)),
    CONSTRAINT commands_side_check CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text])))
);

COMMENT ON COLUMN public.commands.instant IS 'When a person''s order entered the journal; NULL while it waits.';

ALTER TABLE public.commands ALTER COLUMN received ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.commands_received_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.epochs (
    owner text NOT NULL,
    epoch bigint NOT NULL,
    holder text NOT NULL,
    raised_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT epochs_epoch_check CHECK ((epoch > 0))
);

CREATE TABLE public.inbox (
    strategy_id text NOT NULL,
    instant timestamp with time zone NOT NULL,
    symbol text NOT NULL,
    kind text NOT NULL,
    open numeric(20,4),
    high numeric(20,4),
    low numeric(20,4),
    close numeric(20,4),
    signal_id uuid,
    side text,
    late boolean NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT inbox_check CHECK (((kind = 'BAR'::text) = ((open IS NOT NULL) AND (high IS NOT NULL) AND (low IS NOT NULL) AND (close IS NOT NULL)))),
    CONSTRAINT inbox_check1 CHECK (((kind = 'SIGNAL'::text) = ((signal_id IS NOT NULL) AND (side IS NOT NULL)))),
    CONSTRAINT inbox_kind_check CHECK ((kind = ANY (ARRAY['BAR'::text, 'MISSING'::text, 'SIGNAL'::text]))),
    CONSTRAINT inbox_side_check CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text, 'HOLD'::text])))
);

COMMENT ON COLUMN public.inbox.late IS 'Came after its instant was decided: recorded, never traded.';

CREATE TABLE public.instants (
    strategy_id text NOT NULL,
    instant timestamp with time zone NOT NULL,
    bars text[] NOT NULL,
    signals text[] NOT NULL,
    epoch bigint NOT NULL,
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.instants IS 'The instants that were decided, and whose bars and signals took part.';

CREATE TABLE public.market_data (
    source text NOT NULL,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamp with time zone NOT NULL,
    open numeric(20,4) NOT NULL,
    high numeric(20,4) NOT NULL,
    low numeric(20,4) NOT NULL,
    close numeric(20,4) NOT NULL,
    volume numeric(28,8) NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_data_check CHECK (((low > (0)::numeric) AND (low <= LEAST(open, close)) AND (high >= GREATEST(open, close)))),
    CONSTRAINT market_data_close_check CHECK ((close > (0)::numeric)),
    CONSTRAINT market_data_open_check CHECK ((open > (0)::numeric)),
    CONSTRAINT market_data_volume_check CHECK ((volume >= (0)::numeric))
);

CREATE TABLE public.models (
    strategy_id text NOT NULL,
    model_version text NOT NULL,
    trained_through timestamp with time zone NOT NULL,
    data_fingerprint text NOT NULL,
    artifact text NOT NULL,
    parameters jsonb NOT NULL,
    metrics jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON COLUMN public.models.trained_through IS 'Close of the last bar that training saw.';

CREATE TABLE public.offsets (
    consumer_group text NOT NULL,
    broker text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    CONSTRAINT offsets_next_offset_check CHECK ((next_offset >= 0)),
    CONSTRAINT offsets_partition_check CHECK ((partition >= 0))
);

CREATE TABLE public.outbox (
    outbox_id bigint NOT NULL,
    owner text NOT NULL,
    topic text NOT NULL,
    key bytea,
    value bytea,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    instant timestamp with time zone,
    published_at timestamp with time zone
);

ALTER TABLE public.outbox ALTER COLUMN outbox_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.portfolio_snapshots (
    strategy_id text NOT NULL,
    instant timestamp with time zone NOT NULL,
    cash numeric(20,4) NOT NULL,
    reserved numeric(20,4) NOT NULL,
    portfolio_value numeric(20,4) NOT NULL,
    equity numeric(20,4) NOT NULL,
    realized_pnl_gross numeric(20,4) NOT NULL,
    unrealized_pnl numeric(20,4) NOT NULL,
    fees numeric(20,4) NOT NULL,
    CONSTRAINT portfolio_snapshots_check CHECK ((equity = (cash + portfolio_value)))
);

CREATE TABLE public.positions (
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    quantity numeric(28,8) NOT NULL,
    cost numeric(20,4) NOT NULL,
    mark numeric(20,4) NOT NULL,
    realized_pnl_gross numeric(20,4) DEFAULT 0 NOT NULL,
    fees numeric(20,4) DEFAULT 0 NOT NULL,
    market_value numeric(20,4) GENERATED ALWAYS AS (round((mark * quantity), 4)) STORED,
    CONSTRAINT positions_check CHECK (((quantity > (0)::numeric) OR (cost = (0)::numeric))),
    CONSTRAINT positions_cost_check CHECK ((cost >= (0)::numeric)),
    CONSTRAINT positions_mark_check CHECK ((mark > (0)::numeric)),
    CONSTRAINT positions_quantity_check CHECK ((quantity >= (0)::numeric))
);

CREATE TABLE public.relays (
    owner text NOT NULL,
    broker text NOT NULL
);

COMMENT ON TABLE public.relays IS 'The broker that an owner''s outbox was last published to.';

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.strategies (
    strategy_id text NOT NULL,
    uid uuid NOT NULL,
    feed_id text NOT NULL,
    manifest jsonb NOT NULL,
    max_position numeric(18,8) NOT NULL,
    max_concentration numeric(18,8) NOT NULL,
    max_daily_loss numeric(18,8) NOT NULL,
    fee_rate numeric(18,8) NOT NULL,
    slippage numeric(18,8) NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT strategies_fee_rate_check CHECK ((fee_rate >= (0)::numeric)),
    CONSTRAINT strategies_max_concentration_check CHECK ((max_concentration >= (0)::numeric)),
    CONSTRAINT strategies_max_daily_loss_check CHECK ((max_daily_loss >= (0)::numeric)),
    CONSTRAINT strategies_max_position_check CHECK ((max_position >= (0)::numeric)),
    CONSTRAINT strategies_slippage_check CHECK (((slippage >= (0)::numeric) AND (slippage < (1)::numeric))),
    CONSTRAINT strategies_strategy_id_check CHECK (((length(strategy_id) >= 1) AND (length(strategy_id) <= 253)))
);

COMMENT ON TABLE public.strategies IS 'One row a desk; a rate of 0 switches its limit off.';

CREATE TABLE public.trades (
    trade_id uuid NOT NULL,
    client_order_id uuid NOT NULL,
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    last_qty numeric(28,8) NOT NULL,
    last_px numeric(20,4) NOT NULL,
    notional numeric(20,4) NOT NULL,
    fee numeric(20,4) NOT NULL,
    realized_pnl_gross numeric(20,4) NOT NULL,
    instant timestamp with time zone NOT NULL,
    fill_number bigint NOT NULL,
    CONSTRAINT trades_fee_check CHECK ((fee >= (0)::numeric)),
    CONSTRAINT trades_last_px_check CHECK ((last_px > (0)::numeric)),
    CONSTRAINT trades_last_qty_check CHECK ((last_qty > (0)::numeric)),
    CONSTRAINT trades_notional_check CHECK ((notional >= (0)::numeric)),
    CONSTRAINT trades_side_check CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text])))
);

COMMENT ON TABLE public.trades IS 'One row a fill.';

ALTER TABLE public.trades ALTER COLUMN fill_number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trades_fill_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.trading_signals (
    signal_id uuid NOT NULL,
    strategy_id text NOT NULL,
    symbol text NOT NULL,
    "interval" text NOT NULL,
    close_time timestamp with time zone NOT NULL,
    side text NOT NULL,
    expected_return numeric(18,8),
    confidence numeric(18,8),
    model_version text NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trading_signals_confidence_check CHECK (((confidence >= (0)::numeric) AND (confidence <= (1)::numeric))),
    CONSTRAINT trading_signals_side_check CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text, 'HOLD'::text])))
);

CREATE TABLE public.watermarks (
    owner text NOT NULL,
    instant timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.watermarks IS 'The last instant that a feed has handed out, or that a reader is done with.';

INSERT INTO public.account VALUES
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'USD', 100000.0000, 19943.9920, 0.0000, 0.0000, 40.0080, 76800.0000, 96743.9920, 18265, 99943.9920, true, 'HALTED', 'the decision of 2020-01-04T21:00:00+00:00 failed: LedgerDisagreesError: an example'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'USD', 100000.0000, 61682.4117, 395.0264, 1976.2561, 61.8607, 41463.2200, 103145.6317, 13272, 103214.7717, false, 'ACTIVE', NULL);

INSERT INTO public.anomalies VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', '1d', '2006-03-02 21:00:00+00', 0.12345678, 0.10000000, 'forest-1', '{"return": 5000000}', '2026-11-22 18:42:04.5181+00');

INSERT INTO public.commands OVERRIDING SYSTEM VALUE VALUES
	('ee0d9876-2888-5b3c-831d-2d068237b0b3', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'BUY', 10.00000000, 1, '2006-03-01 21:00:00+00'),
	('776fcea0-ae8c-5d47-8eba-44828b51ee3e', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'BUY', 100000.00000000, 2, '2006-03-01 21:00:00+00'),
	('d2e28bfe-4ee5-51af-9dda-5912e8d65f2f', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'SELL', 4.00000000, 4, '2006-03-08 21:00:00+00'),
	('e4d60bae-4893-59ab-8c10-21496c8d4f09', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'SELL', 4.00000000, 3, '2006-03-08 21:00:00+00'),
	('c0f23d3b-18ba-55f2-85a6-e4e8f8beb142', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'BUY', 1.00000000, 5, '2006-05-04 20:00:00+00'),
	('9a1bbe15-bd4a-5a7e-a045-14c12839ee78', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', 'BUY', 1.00000000, 6, NULL);

INSERT INTO public.epochs VALUES
	('trading-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 2, 'desk:2', '2026-11-22 18:42:03.127583+00'),
	('ml-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 1, 'desk:1', '2026-11-22 18:42:03.127937+00'),
	('ingestion.sma-cross', 1, 'desk:1', '2026-11-22 18:42:03.128568+00');

INSERT INTO public.inbox VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'AAPL', 'BAR', 69.0000, 69.4900, 68.0200, 69.1000, NULL, NULL, false, '2026-11-22 18:42:04.022616+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'ee803ab2-e9e1-590d-8e0f-98636d34ddd4', 'HOLD', false, '2026-11-22 18:42:04.023296+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'GOOG', 'BAR', 369.0000, 369.4500, 361.3000, 364.8000, NULL, NULL, false, '2026-11-22 18:42:04.023408+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '5ada45fa-061a-5d86-a7a7-c57418ae1295', 'HOLD', false, '2026-11-22 18:42:04.023453+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'IBM', 'BAR', 80.0100, 80.8100, 79.7800, 79.9000, NULL, NULL, false, '2026-11-22 18:42:04.023495+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '8a0fdedd-94f6-5cd6-8c8e-817c638c5960', 'HOLD', false, '2026-11-22 18:42:04.023533+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'MSFT', 'BAR', 26.9900, 27.2000, 26.9500, 27.1400, NULL, NULL, false, '2026-11-22 18:42:04.023715+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '07cfcf33-e2f0-5418-b055-64155fa0b27a', 'HOLD', false, '2026-11-22 18:42:04.023762+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'AAPL', 'BAR', 69.0200, 69.9900, 68.6700, 69.6100, NULL, NULL, false, '2026-11-22 18:42:04.023798+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'ed89408c-44d4-5201-9b4d-00e86fd53ff6', 'HOLD', false, '2026-11-22 18:42:04.023829+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'GOOG', 'BAR', 364.4200, 381.1000, 362.2000, 376.4500, NULL, NULL, false, '2026-11-22 18:42:04.023881+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '5f6fc8a0-ca05-5e37-8ac4-eaf03b6defe4', 'HOLD', false, '2026-11-22 18:42:04.023955+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'IBM', 'BAR', 79.9000, 80.2100, 79.5400, 79.9400, NULL, NULL, false, '2026-11-22 18:42:04.024021+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '8798e9fc-9717-5b1b-bb7e-d8c092160509', 'HOLD', false, '2026-11-22 18:42:04.024043+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'MSFT', 'BAR', 26.9900, 27.1001, 26.9000, 26.9700, NULL, NULL, false, '2026-11-22 18:42:04.024065+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '83a49a12-6b93-56da-992f-dc9ef6310fc2', 'HOLD', false, '2026-11-22 18:42:04.024085+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'AAPL', 'BAR', 69.3300, 69.9100, 67.5300, 67.7200, NULL, NULL, false, '2026-11-22 18:42:04.024106+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '8c77ce7a-fb18-5399-afe7-57d8418662f9', 'HOLD', false, '2026-11-22 18:42:04.024126+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'GOOG', 'BAR', 384.3000, 387.2400, 375.7600, 378.1800, NULL, NULL, false, '2026-11-22 18:42:04.024148+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '22066d5c-dff7-5d0e-9cfb-9354821ed498', 'HOLD', false, '2026-11-22 18:42:04.024168+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'IBM', 'BAR', 79.5100, 80.8300, 79.5100, 79.9600, NULL, NULL, false, '2026-11-22 18:42:04.024189+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '1d726bf2-8519-54c3-8f77-c1770a932296', 'HOLD', false, '2026-11-22 18:42:04.024209+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'MSFT', 'BAR', 26.8000, 27.1600, 26.7400, 26.9300, NULL, NULL, false, '2026-11-22 18:42:04.024229+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'dda5981f-f52d-5c26-a35b-aaf12c296aac', 'HOLD', false, '2026-11-22 18:42:04.02425+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'AAPL', 'BAR', 67.6000, 67.7200, 64.9400, 65.4800, NULL, NULL, false, '2026-11-22 18:42:04.02427+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '764ed5a6-5ab1-5eae-a8c5-90a3bb07b5cb', 'HOLD', false, '2026-11-22 18:42:04.02429+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'GOOG', 'BAR', 380.6600, 383.4000, 367.1400, 368.1000, NULL, NULL, false, '2026-11-22 18:42:04.024311+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'fab56dd6-8ea6-5544-9036-02c6ccacfab9', 'HOLD', false, '2026-11-22 18:42:04.02433+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'IBM', 'BAR', 80.0500, 80.6400, 79.9000, 80.0000, NULL, NULL, false, '2026-11-22 18:42:04.024351+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '0c0b8afd-7345-5676-8fdc-63326d401578', 'HOLD', false, '2026-11-22 18:42:04.024387+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'MSFT', 'BAR', 26.9200, 27.1500, 26.8300, 26.9100, NULL, NULL, false, '2026-11-22 18:42:04.024407+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'dfc30a16-41d4-5264-a596-64cd1bc7c459', 'HOLD', false, '2026-11-22 18:42:04.024427+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'AAPL', 'BAR', 65.7600, 66.9000, 65.0800, 66.3100, NULL, NULL, false, '2026-11-22 18:42:04.024447+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '87b6c9c7-0e07-51bf-9f4b-3a2d013db44a', 'HOLD', false, '2026-11-22 18:42:04.024467+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'GOOG', 'BAR', 364.4200, 368.4500, 358.1500, 364.4500, NULL, NULL, false, '2026-11-22 18:42:04.024487+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '956b5dcc-c209-5e08-bc26-358ad0011624', 'HOLD', false, '2026-11-22 18:42:04.024506+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'IBM', 'BAR', 79.8600, 80.7900, 79.8600, 80.2900, NULL, NULL, false, '2026-11-22 18:42:04.024527+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '02496f51-6d4c-51ec-8236-db3a6a0dbf82', 'HOLD', false, '2026-11-22 18:42:04.024547+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'MSFT', 'BAR', 26.8700, 27.1000, 26.8100, 27.0600, NULL, NULL, false, '2026-11-22 18:42:04.024567+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '058b725f-04e4-551d-83d2-f308a1689a07', 'HOLD', false, '2026-11-22 18:42:04.024587+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'AAPL', 'BAR', 66.3600, 67.2000, 65.3500, 65.6600, NULL, NULL, false, '2026-11-22 18:42:04.064671+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '63c9094d-690a-5c55-bab1-a148adae03a1', 'HOLD', false, '2026-11-22 18:42:04.064747+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'GOOG', 'BAR', 353.7800, 360.0300, 350.5411, 353.8800, NULL, NULL, false, '2026-11-22 18:42:04.064778+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '59c0b81e-fcc2-5c97-87b3-bdf3522f8639', 'HOLD', false, '2026-11-22 18:42:04.064802+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'IBM', 'BAR', 80.3900, 81.6000, 80.2500, 81.1400, NULL, NULL, false, '2026-11-22 18:42:04.064825+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'da7e1d29-04d2-5aa2-b780-9902d3b7c4fa', 'HOLD', false, '2026-11-22 18:42:04.064847+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'MSFT', 'BAR', 26.9700, 27.5000, 26.9700, 27.2500, NULL, NULL, false, '2026-11-22 18:42:04.064869+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'b86a226d-00b2-5822-8ee1-471a2d15f334', 'BUY', false, '2026-11-22 18:42:04.06489+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'AAPL', 'BAR', 66.0900, 66.4700, 63.8100, 63.9300, NULL, NULL, false, '2026-11-22 18:42:04.064913+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '25977c8f-7ac1-544c-a56e-4c87a7d1fb67', 'HOLD', false, '2026-11-22 18:42:04.064945+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'GOOG', 'BAR', 355.4700, 358.5300, 341.5000, 343.0000, NULL, NULL, false, '2026-11-22 18:42:04.064966+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'c7c969b3-1f43-57e5-b76f-8232147863e0', 'HOLD', false, '2026-11-22 18:42:04.065+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'IBM', 'BAR', 81.1500, 81.9800, 80.8000, 81.0200, NULL, NULL, false, '2026-11-22 18:42:04.065022+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'e3943492-5c14-5dd5-8fce-0ebd02f300b1', 'HOLD', false, '2026-11-22 18:42:04.065042+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'MSFT', 'BAR', 27.2100, 27.4200, 27.0000, 27.0000, NULL, NULL, false, '2026-11-22 18:42:04.065063+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'b0c44b04-cca3-57de-b3eb-850911426732', 'HOLD', false, '2026-11-22 18:42:04.065084+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'AAPL', 'BAR', 64.0100, 64.4900, 62.4500, 63.1900, NULL, NULL, false, '2026-11-22 18:42:04.065487+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '6e0e6e6d-6986-5889-a69d-f5532697cf6a', 'HOLD', false, '2026-11-22 18:42:04.06552+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'GOOG', 'BAR', 343.5000, 344.5000, 331.5500, 337.5000, NULL, NULL, false, '2026-11-22 18:42:04.065544+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '18d360fe-c3a2-5365-a74c-594255779965', 'HOLD', false, '2026-11-22 18:42:04.065566+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'IBM', 'BAR', 81.0300, 82.2500, 81.0300, 81.5700, NULL, NULL, false, '2026-11-22 18:42:04.065588+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'ed73e1d4-0a10-5bbd-8911-9b4f5df22cc0', 'HOLD', false, '2026-11-22 18:42:04.065609+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'MSFT', 'BAR', 27.0600, 27.2200, 26.8800, 27.1700, NULL, NULL, false, '2026-11-22 18:42:04.06563+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'c1ad5371-6854-5a0a-8dd2-ec3697df35f4', 'HOLD', false, '2026-11-22 18:42:04.065651+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'AAPL', 'BAR', 65.6100, 66.2800, 64.7900, 65.6800, NULL, NULL, false, '2026-11-22 18:42:04.065672+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '3133f495-89a9-57e1-a3be-11115fd8b08c', 'HOLD', false, '2026-11-22 18:42:04.065693+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'GOOG', 'BAR', 339.7200, 346.1000, 335.4500, 337.0600, NULL, NULL, false, '2026-11-22 18:42:04.065752+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'd8b0432e-88a3-5d3b-9377-546171b12132', 'HOLD', false, '2026-11-22 18:42:04.065773+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'IBM', 'BAR', 81.5600, 82.4000, 81.4500, 81.9300, NULL, NULL, false, '2026-11-22 18:42:04.065794+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b6bb5566-daa1-53ed-bc4a-efa138519672', 'HOLD', false, '2026-11-22 18:42:04.065814+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'MSFT', 'BAR', 26.9790, 27.2900, 26.9400, 27.1100, NULL, NULL, false, '2026-11-22 18:42:04.065841+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'bea18534-d711-5252-a43b-2772d2c41a2a', 'HOLD', false, '2026-11-22 18:42:04.065862+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'AAPL', 'BAR', 65.7900, 67.3200, 65.5000, 67.3200, NULL, NULL, false, '2026-11-22 18:42:04.065883+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'd715c6c0-e23d-5f9a-985b-e1a82e9e72b5', 'HOLD', false, '2026-11-22 18:42:04.065904+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'GOOG', 'BAR', 336.5900, 352.3700, 332.6200, 351.1600, NULL, NULL, false, '2026-11-22 18:42:04.065925+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '3bd7bec4-2983-5f42-9980-f6de714f5a35', 'HOLD', false, '2026-11-22 18:42:04.065946+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'IBM', 'BAR', 81.5100, 82.9900, 81.4700, 82.8800, NULL, NULL, false, '2026-11-22 18:42:04.065967+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'cabeeb5b-bc37-52b4-9928-27687e322852', 'HOLD', false, '2026-11-22 18:42:04.065988+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'MSFT', 'BAR', 27.0000, 27.3800, 26.9900, 27.2300, NULL, NULL, false, '2026-11-22 18:42:04.066009+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '459124ad-1625-562a-b650-0896fd92ba19', 'HOLD', false, '2026-11-22 18:42:04.066029+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'AAPL', 'BAR', 67.8200, 68.0400, 65.5200, 66.2300, NULL, NULL, false, '2026-11-22 18:42:04.06605+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'ef3412f0-a2a2-5207-b4c7-09ad9f8c7a59', 'HOLD', false, '2026-11-22 18:42:04.066194+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'GOOG', 'BAR', 350.8700, 352.3000, 340.5300, 344.5000, NULL, NULL, false, '2026-11-22 18:42:04.066218+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '719415fd-cb34-580d-a6f8-16cd24d4df76', 'HOLD', false, '2026-11-22 18:42:04.066239+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'IBM', 'BAR', 82.6500, 83.7600, 82.6400, 83.3800, NULL, NULL, false, '2026-11-22 18:42:04.06626+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'e77e4a9f-cea6-5327-afca-18cbdb3c9e26', 'HOLD', false, '2026-11-22 18:42:04.066281+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'MSFT', 'BAR', 27.1800, 27.4501, 27.0100, 27.3600, NULL, NULL, false, '2026-11-22 18:42:04.066302+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'b4244196-1625-5e5a-98f3-a8af0da166de', 'HOLD', false, '2026-11-22 18:42:04.066322+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'AAPL', 'BAR', 66.8900, 66.9000, 64.3000, 64.3100, NULL, NULL, false, '2026-11-22 18:42:04.066344+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'b9cf4d37-ac17-5366-a07b-692cfd1d6901', 'HOLD', false, '2026-11-22 18:42:04.066369+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'GOOG', 'BAR', 348.7000, 348.7500, 337.9000, 338.7700, NULL, NULL, false, '2026-11-22 18:42:04.066524+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '650bc815-acdd-5514-b697-d173e814291e', 'HOLD', false, '2026-11-22 18:42:04.06655+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'IBM', 'BAR', 83.4300, 83.7200, 82.6100, 82.8700, NULL, NULL, false, '2026-11-22 18:42:04.066572+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '9e116224-7558-5ec9-a363-9fe0abacb441', 'BUY', false, '2026-11-22 18:42:04.066592+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'MSFT', 'BAR', 27.2800, 27.4800, 27.2200, 27.2700, NULL, NULL, false, '2026-11-22 18:42:04.066614+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '13b96fa0-dfd8-565b-bdad-d9fd0a62aac9', 'HOLD', false, '2026-11-22 18:42:04.066634+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'AAPL', 'BAR', 64.7400, 65.5400, 64.1100, 64.6600, NULL, NULL, false, '2026-11-22 18:42:04.066696+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'efb0acc4-c435-5ef8-9402-17a1fa750cb0', 'HOLD', false, '2026-11-22 18:42:04.066718+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'GOOG', 'BAR', 338.9400, 341.7800, 334.9300, 339.7900, NULL, NULL, false, '2026-11-22 18:42:04.066739+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '2abf348a-2cc7-51e7-b11d-75d40d319b27', 'HOLD', false, '2026-11-22 18:42:04.066759+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'IBM', 'BAR', 83.2800, 83.4100, 82.8200, 83.3000, NULL, NULL, false, '2026-11-22 18:42:04.066781+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '108030d7-1f0c-5ce6-b996-3786a7d8a482', 'HOLD', false, '2026-11-22 18:42:04.066801+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'MSFT', 'BAR', 27.3800, 27.6600, 27.2700, 27.5000, NULL, NULL, false, '2026-11-22 18:42:04.066823+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '8ccff46d-c1b9-5662-8227-770ac84c4c75', 'HOLD', false, '2026-11-22 18:42:04.066843+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'AAPL', 'BAR', 65.2100, 65.4600, 63.8700, 63.9900, NULL, NULL, false, '2026-11-22 18:42:04.066864+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '7c26026a-3038-58bc-a83f-91e70c566140', 'HOLD', false, '2026-11-22 18:42:04.066884+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'GOOG', 'BAR', 342.0100, 350.0900, 341.5400, 348.1900, NULL, NULL, false, '2026-11-22 18:42:04.066911+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'fa97e326-dc82-5241-8aaa-70f12cc42dd0', 'HOLD', false, '2026-11-22 18:42:04.066931+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'IBM', 'BAR', 83.1100, 83.7500, 82.9900, 83.5800, NULL, NULL, false, '2026-11-22 18:42:04.066952+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b5f16822-570f-5e66-bb7e-177aa256b973', 'HOLD', false, '2026-11-22 18:42:04.066972+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'MSFT', 'BAR', 27.6900, 27.9900, 27.6700, 27.8900, NULL, NULL, false, '2026-11-22 18:42:04.066993+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '48abc2e4-8edc-5291-86c3-a3932ad4169c', 'HOLD', false, '2026-11-22 18:42:04.067058+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'AAPL', 'BAR', 64.3000, 64.3400, 61.3900, 61.8100, NULL, NULL, false, '2026-11-22 18:42:04.067079+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'bfcce8e8-d747-5dc0-a490-1642eda2969d', 'HOLD', false, '2026-11-22 18:42:04.0671+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'GOOG', 'BAR', 349.9700, 351.6600, 339.0800, 339.9200, NULL, NULL, false, '2026-11-22 18:42:04.067121+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'c9495757-23fa-5c9a-b6f2-848a979357b8', 'HOLD', false, '2026-11-22 18:42:04.067141+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'IBM', 'BAR', 83.8200, 84.9900, 83.5800, 83.8100, NULL, NULL, false, '2026-11-22 18:42:04.067162+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '97da0607-0861-5c67-b413-93bd28cdc676', 'HOLD', false, '2026-11-22 18:42:04.067182+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'MSFT', 'BAR', 27.9500, 28.2200, 27.6800, 27.7400, NULL, NULL, false, '2026-11-22 18:42:04.067204+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '2e3404d2-30f3-57e1-9301-4f0d7d15eb73', 'HOLD', false, '2026-11-22 18:42:04.067224+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'AAPL', 'BAR', 62.2600, 63.2500, 61.2700, 61.6700, NULL, NULL, false, '2026-11-22 18:42:04.067245+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'e99f23cb-1d29-5bdb-a794-9f0e600a9177', 'HOLD', false, '2026-11-22 18:42:04.067265+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'GOOG', 'BAR', 339.9100, 344.1000, 337.5000, 340.2200, NULL, NULL, false, '2026-11-22 18:42:04.067286+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '3a12526c-32b0-584b-87fe-d3348e01a351', 'HOLD', false, '2026-11-22 18:42:04.067306+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'IBM', 'BAR', 83.6600, 84.6800, 83.3500, 84.4500, NULL, NULL, false, '2026-11-22 18:42:04.067327+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'd3191966-d2e6-5812-9fb1-b8bf9d07d4ee', 'HOLD', false, '2026-11-22 18:42:04.067352+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'MSFT', 'BAR', 27.0800, 27.5000, 26.7961, 27.1500, NULL, NULL, false, '2026-11-22 18:42:04.067411+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '97f78821-d26b-55e8-aba2-3106afa9c7d9', 'HOLD', false, '2026-11-22 18:42:04.067431+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'AAPL', 'BAR', 61.6900, 61.9000, 59.6100, 60.1600, NULL, NULL, false, '2026-11-22 18:42:04.067453+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '363b9829-5d24-583f-bcd9-0d09c6a800b6', 'HOLD', false, '2026-11-22 18:42:04.067473+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'GOOG', 'BAR', 342.2700, 345.7500, 340.2000, 341.8900, NULL, NULL, false, '2026-11-22 18:42:04.067494+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '4c6e04fb-c3ef-5017-9298-2caad1f48ea8', 'HOLD', false, '2026-11-22 18:42:04.067514+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'IBM', 'BAR', 84.2300, 84.2700, 82.9300, 83.2000, NULL, NULL, false, '2026-11-22 18:42:04.067536+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'ba490d67-9b66-5bb9-8eff-038630c94913', 'HOLD', false, '2026-11-22 18:42:04.067556+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'MSFT', 'BAR', 27.0800, 27.1000, 26.6600, 26.8500, NULL, NULL, false, '2026-11-22 18:42:04.067577+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '3822a68e-72c8-50bc-8fbd-cc04d2b87ac6', 'HOLD', false, '2026-11-22 18:42:04.067597+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'AAPL', 'BAR', 60.2700, 60.9400, 59.0300, 59.9600, NULL, NULL, false, '2026-11-22 18:42:04.067618+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'f7a7fceb-a5c4-5570-aeea-04bcf9132882', 'HOLD', false, '2026-11-22 18:42:04.067638+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'GOOG', 'BAR', 368.5200, 370.0900, 362.5100, 365.8000, NULL, NULL, false, '2026-11-22 18:42:04.067659+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '5b262a28-95ad-53d9-9628-37f18b4c5530', 'HOLD', false, '2026-11-22 18:42:04.067714+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'IBM', 'BAR', 83.1000, 83.7200, 82.9900, 83.3600, NULL, NULL, false, '2026-11-22 18:42:04.067735+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '2fa05872-38e7-5de0-90ae-4b7b0ede735c', 'HOLD', false, '2026-11-22 18:42:04.067756+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'MSFT', 'BAR', 26.7200, 27.2100, 26.6200, 27.0100, NULL, NULL, false, '2026-11-22 18:42:04.067777+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'd29140d0-4ce5-584f-9772-74c28731b7af', 'HOLD', false, '2026-11-22 18:42:04.067797+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'AAPL', 'BAR', 60.2300, 61.3800, 59.4000, 59.5100, NULL, NULL, false, '2026-11-22 18:42:04.067825+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '994d4980-f394-5596-bfa6-d29e025798be', 'HOLD', false, '2026-11-22 18:42:04.067845+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'GOOG', 'BAR', 367.2500, 371.7100, 365.0000, 369.6900, NULL, NULL, false, '2026-11-22 18:42:04.067866+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'ab1229a8-763d-5f60-814c-e2681d7ac296', 'HOLD', false, '2026-11-22 18:42:04.067886+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'IBM', 'BAR', 82.9800, 83.2600, 82.5800, 83.0800, NULL, NULL, false, '2026-11-22 18:42:04.067907+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'daade5d1-5420-5fee-b3f6-b62fead00e38', 'HOLD', false, '2026-11-22 18:42:04.067927+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'MSFT', 'BAR', 27.0200, 27.3000, 27.0000, 27.0100, NULL, NULL, false, '2026-11-22 18:42:04.067948+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '9da37975-8c1f-579a-a67c-f5f12a6740e5', 'HOLD', false, '2026-11-22 18:42:04.067969+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'AAPL', 'BAR', 59.6900, 60.1400, 58.2500, 58.7100, NULL, NULL, false, '2026-11-22 18:42:04.06799+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '44de3ba5-19d9-5913-860c-fc52315332e0', 'HOLD', false, '2026-11-22 18:42:04.06801+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'GOOG', 'BAR', 372.0000, 377.8600, 371.1700, 377.2000, NULL, NULL, false, '2026-11-22 18:42:04.068031+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '0afaa442-45df-585d-a89c-4fe3003494d9', 'HOLD', false, '2026-11-22 18:42:04.068051+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'IBM', 'BAR', 82.8600, 83.3900, 82.2900, 82.4300, NULL, NULL, false, '2026-11-22 18:42:04.068072+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'd2cd1920-28c0-598f-83ae-d6ea3cbdf5da', 'HOLD', false, '2026-11-22 18:42:04.068127+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'MSFT', 'BAR', 27.0000, 27.2100, 26.8100, 26.9000, NULL, NULL, false, '2026-11-22 18:42:04.068149+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'cd32c17b-4430-5e93-b7a6-456808e3f3e2', 'HOLD', false, '2026-11-22 18:42:04.068169+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'AAPL', 'BAR', 59.1300, 62.5200, 57.6700, 62.3300, NULL, NULL, false, '2026-11-22 18:42:04.068191+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'fbb6d7da-7cd1-5d45-95e7-c5110081cb60', 'HOLD', false, '2026-11-22 18:42:04.068211+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'GOOG', 'BAR', 380.0000, 399.0000, 379.5100, 394.9800, NULL, NULL, false, '2026-11-22 18:42:04.068233+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '1684b230-c34c-5922-8477-137d9b925d09', 'HOLD', false, '2026-11-22 18:42:04.068258+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'IBM', 'BAR', 82.2000, 83.5500, 82.2000, 83.1300, NULL, NULL, false, '2026-11-22 18:42:04.06828+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '26cb4ef2-3004-5449-993b-bf8fa038b5f0', 'HOLD', false, '2026-11-22 18:42:04.0683+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'MSFT', 'BAR', 26.9500, 27.2000, 26.9200, 27.0200, NULL, NULL, false, '2026-11-22 18:42:04.068371+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '89c1e477-6cbd-5dbe-8629-ea5be5d409d5', 'HOLD', false, '2026-11-22 18:42:04.068392+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'AAPL', 'BAR', 62.8500, 63.3000, 61.5300, 62.7500, NULL, NULL, false, '2026-11-22 18:42:04.068413+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'c593b942-4e3b-5dcb-a368-a91dbe801f89', 'HOLD', false, '2026-11-22 18:42:04.068433+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'GOOG', 'BAR', 389.2200, 393.5000, 383.6100, 388.4400, NULL, NULL, false, '2026-11-22 18:42:04.068509+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '6fe2a793-523e-55b9-a53e-4a90f407accf', 'HOLD', false, '2026-11-22 18:42:04.06853+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'IBM', 'BAR', 82.8800, 83.7000, 82.8300, 83.2000, NULL, NULL, false, '2026-11-22 18:42:04.068552+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'a55dfc80-a48e-5962-a390-603af855e297', 'HOLD', false, '2026-11-22 18:42:04.068572+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'MSFT', 'BAR', 27.0100, 27.3900, 27.0000, 27.2300, NULL, NULL, false, '2026-11-22 18:42:04.068593+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '3347db8f-f20c-50d1-9403-d1cba6c10031', 'HOLD', false, '2026-11-22 18:42:04.068614+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'AAPL', 'BAR', 63.2400, 63.6100, 62.2400, 62.7200, NULL, NULL, false, '2026-11-22 18:42:04.068635+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '7e460ff3-ffbc-57be-8bea-c00ea6835368', 'HOLD', false, '2026-11-22 18:42:04.068655+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'GOOG', 'BAR', 388.7500, 391.8700, 384.0300, 390.0000, NULL, NULL, false, '2026-11-22 18:42:04.068676+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'b3cc6c57-4431-5852-b3b6-15297237fc2d', 'HOLD', false, '2026-11-22 18:42:04.068696+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'IBM', 'BAR', 82.9500, 83.6000, 82.2900, 82.4700, NULL, NULL, false, '2026-11-22 18:42:04.068722+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '34272010-7873-52e9-875b-511bcf7936cf', 'HOLD', false, '2026-11-22 18:42:04.068743+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'MSFT', 'BAR', 27.3400, 27.5410, 27.2100, 27.2100, NULL, NULL, false, '2026-11-22 18:42:04.068764+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '2272cc40-3243-5e23-8fc7-f0e88aba3754', 'HOLD', false, '2026-11-22 18:42:04.068784+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'AAPL', 'BAR', 63.6600, 64.1200, 62.6100, 62.6500, NULL, NULL, false, '2026-11-22 18:42:04.068805+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '6ea7d457-1ec1-5634-9f6b-1b604d2a99a5', 'HOLD', false, '2026-11-22 18:42:04.068825+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'GOOG', 'BAR', 389.7500, 392.4700, 387.9300, 389.7000, NULL, NULL, false, '2026-11-22 18:42:04.068847+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '1e37affe-5dd2-5749-9ecd-612fb317d189', 'HOLD', false, '2026-11-22 18:42:04.068892+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'IBM', 'BAR', 82.7200, 83.5900, 82.6500, 83.0600, NULL, NULL, false, '2026-11-22 18:42:04.068913+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '1f380690-98ae-5750-86cd-4ba1bf02923e', 'HOLD', false, '2026-11-22 18:42:04.068934+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'MSFT', 'BAR', 27.6700, 27.7300, 27.4400, 27.5600, NULL, NULL, false, '2026-11-22 18:42:04.068955+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '7f0d6efe-34ba-5d21-a952-2175359005ad', 'HOLD', false, '2026-11-22 18:42:04.068975+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'AAPL', 'BAR', 62.1100, 62.2200, 61.0500, 61.1700, NULL, NULL, false, '2026-11-22 18:42:04.068997+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '64479992-826d-5082-9d19-aeef569a57dd', 'HOLD', false, '2026-11-22 18:42:04.069017+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'GOOG', 'BAR', 390.0000, 404.9000, 388.1400, 404.3400, NULL, NULL, false, '2026-11-22 18:42:04.069038+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '335adc63-d8e1-52b5-a8d6-f967414a8b78', 'BUY', false, '2026-11-22 18:42:04.069058+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'IBM', 'BAR', 83.1000, 83.7800, 82.8000, 83.4500, NULL, NULL, false, '2026-11-22 18:42:04.069079+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '573c2143-07ad-5a0e-b3d9-621dcaf6ad89', 'HOLD', false, '2026-11-22 18:42:04.069099+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'MSFT', 'BAR', 27.6000, 27.8000, 27.4700, 27.6400, NULL, NULL, false, '2026-11-22 18:42:04.069121+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '384ca264-2098-511d-9951-a825d19de5f4', 'HOLD', false, '2026-11-22 18:42:04.069145+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'AAPL', 'BAR', 64.7100, 67.2100, 64.1500, 67.2100, NULL, NULL, false, '2026-11-22 18:42:04.069166+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'fb0133d3-9685-5e9a-8c3e-10e0da51e89f', 'HOLD', false, '2026-11-22 18:42:04.069186+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'GOOG', 'BAR', 407.7000, 414.5700, 402.8200, 407.9900, NULL, NULL, false, '2026-11-22 18:42:04.069208+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '9f19b83c-32c7-5620-92f0-46458e8419fa', 'HOLD', false, '2026-11-22 18:42:04.069228+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'IBM', 'BAR', 83.3300, 84.4500, 83.3200, 84.1700, NULL, NULL, false, '2026-11-22 18:42:04.06925+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b34d94f7-3883-55a0-9ea5-8ad27b24a7b6', 'HOLD', false, '2026-11-22 18:42:04.06927+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'MSFT', 'BAR', 27.8500, 27.9410, 27.6400, 27.7400, NULL, NULL, false, '2026-11-22 18:42:04.069291+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '6539758e-10bc-5ccd-ab15-d082cbb469bd', 'HOLD', false, '2026-11-22 18:42:04.069312+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'AAPL', 'BAR', 68.3000, 72.0500, 68.2000, 71.2400, NULL, NULL, false, '2026-11-22 18:42:04.069333+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '5251789b-d935-564c-99ad-0dc0a7002807', 'HOLD', false, '2026-11-22 18:42:04.069354+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'GOOG', 'BAR', 407.0000, 413.8900, 405.4300, 411.1800, NULL, NULL, false, '2026-11-22 18:42:04.069375+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '2bf8c454-1958-5d3f-b86c-5c76f9ad1ddc', 'HOLD', false, '2026-11-22 18:42:04.069396+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'IBM', 'BAR', 84.1000, 84.3200, 83.3600, 83.8100, NULL, NULL, false, '2026-11-22 18:42:04.069417+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '3079ed8f-a04f-5684-b940-be7105252674', 'HOLD', false, '2026-11-22 18:42:04.069438+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'MSFT', 'BAR', 27.6600, 27.7200, 27.3700, 27.5600, NULL, NULL, false, '2026-11-22 18:42:04.069459+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'bd141018-2ac1-5229-899c-0b909278d695', 'HOLD', false, '2026-11-22 18:42:04.069479+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'AAPL', 'BAR', 70.9100, 71.2100, 68.4700, 69.7900, NULL, NULL, false, '2026-11-22 18:42:04.069501+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '6c0c8a05-55ac-5a2a-b63c-f88850d05f1c', 'HOLD', false, '2026-11-22 18:42:04.069522+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'GOOG', 'BAR', 412.5600, 412.8500, 404.0200, 406.1600, NULL, NULL, false, '2026-11-22 18:42:04.06958+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'e9986835-7793-5e00-9fa0-f2fdbb1af01f', 'HOLD', false, '2026-11-22 18:42:04.069601+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'IBM', 'BAR', 83.6000, 83.8000, 82.4400, 82.4800, NULL, NULL, false, '2026-11-22 18:42:04.069623+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'a67a9ad9-5098-5f02-b90c-0ace5e9efb10', 'HOLD', false, '2026-11-22 18:42:04.069687+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'MSFT', 'BAR', 27.5800, 27.7200, 27.2300, 27.2500, NULL, NULL, false, '2026-11-22 18:42:04.069709+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'b55b2a7d-99f8-5ebf-9da9-02eb6969f5ab', 'HOLD', false, '2026-11-22 18:42:04.06973+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'AAPL', 'BAR', 70.2400, 70.9300, 68.4500, 68.6700, NULL, NULL, false, '2026-11-22 18:42:04.069751+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '8e15da6e-68e6-5f3f-a4f6-f54989ab8e5d', 'HOLD', false, '2026-11-22 18:42:04.069772+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'GOOG', 'BAR', 407.6100, 417.1700, 405.2500, 416.3800, NULL, NULL, false, '2026-11-22 18:42:04.069794+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '0b155017-571b-53ec-a3d0-2cfd89970490', 'HOLD', false, '2026-11-22 18:42:04.069815+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'IBM', 'BAR', 82.4900, 82.7400, 82.0000, 82.1000, NULL, NULL, false, '2026-11-22 18:42:04.069836+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '5090ece7-613f-5978-8d38-f33c4512289c', 'HOLD', false, '2026-11-22 18:42:04.069857+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'MSFT', 'BAR', 27.2000, 27.4400, 27.2000, 27.2900, NULL, NULL, false, '2026-11-22 18:42:04.069879+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'fa150d29-c96c-53c9-9930-7ec650735cd8', 'HOLD', false, '2026-11-22 18:42:04.069899+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'AAPL', 'BAR', 69.0300, 69.3000, 67.0700, 67.9900, NULL, NULL, false, '2026-11-22 18:42:04.06992+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '8000e99d-2853-5370-bafb-c6a54df55009', 'HOLD', false, '2026-11-22 18:42:04.069941+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'GOOG', 'BAR', 416.3800, 419.1000, 406.2200, 409.6600, NULL, NULL, false, '2026-11-22 18:42:04.069962+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '8218e062-601f-52f0-974b-b4d4b4b9570d', 'HOLD', false, '2026-11-22 18:42:04.069993+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'IBM', 'BAR', 81.8300, 82.0600, 80.7500, 81.1600, NULL, NULL, false, '2026-11-22 18:42:04.070015+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'e775508b-b530-51f0-a961-fc2761f165ad', 'HOLD', false, '2026-11-22 18:42:04.070041+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'MSFT', 'BAR', 27.2300, 27.3200, 27.0000, 27.1300, NULL, NULL, false, '2026-11-22 18:42:04.070062+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '865a6a86-6dbb-59b8-9c8c-e4034c6eee7e', 'HOLD', false, '2026-11-22 18:42:04.070083+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'AAPL', 'BAR', 68.1400, 68.1738, 66.3000, 66.7100, NULL, NULL, false, '2026-11-22 18:42:04.070104+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '5bf12a67-5f3a-597a-bad2-45bb68976e99', 'HOLD', false, '2026-11-22 18:42:04.070125+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'GOOG', 'BAR', 409.1500, 411.3300, 405.1900, 408.9500, NULL, NULL, false, '2026-11-22 18:42:04.070146+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '7ad7e1ca-5ae4-5ac1-8477-511cbb444cfa', 'HOLD', false, '2026-11-22 18:42:04.070166+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'IBM', 'BAR', 81.1000, 81.3700, 80.6300, 80.7500, NULL, NULL, false, '2026-11-22 18:42:04.070188+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'fe65e1cd-5a4d-5f96-ba69-c77c50ac0003', 'HOLD', false, '2026-11-22 18:42:04.070208+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'MSFT', 'BAR', 27.0800, 27.2000, 26.9700, 27.2000, NULL, NULL, false, '2026-11-22 18:42:04.070229+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '27c91019-6451-5db9-b3ab-c93efca4466b', 'HOLD', false, '2026-11-22 18:42:04.070249+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'AAPL', 'BAR', 66.3000, 67.4400, 65.8100, 66.4690, NULL, NULL, false, '2026-11-22 18:42:04.070306+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '5538880e-0599-59df-b5b7-c86e940e06e4', 'BUY', false, '2026-11-22 18:42:04.070327+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'GOOG', 'BAR', 408.8100, 409.7600, 400.5000, 402.1600, NULL, NULL, false, '2026-11-22 18:42:04.070402+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '8a2a9d96-b4ba-5b48-869b-b62c2a5a638b', 'HOLD', false, '2026-11-22 18:42:04.070423+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'IBM', 'BAR', 81.1800, 82.6000, 81.1200, 81.9800, NULL, NULL, false, '2026-11-22 18:42:04.070444+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b01813af-0741-5f30-a487-afb45687cfac', 'HOLD', false, '2026-11-22 18:42:04.070465+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'MSFT', 'BAR', 27.0700, 27.2000, 27.0000, 27.0700, NULL, NULL, false, '2026-11-22 18:42:04.070491+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '73a2df7e-1fc6-551e-93e9-2d85ab5ff9c7', 'HOLD', false, '2026-11-22 18:42:04.070511+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'AAPL', 'BAR', 66.5100, 66.8400, 64.3500, 64.8110, NULL, NULL, false, '2026-11-22 18:42:04.070532+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'a6a6b52d-e655-5851-9a2f-ba49817bc18d', 'HOLD', false, '2026-11-22 18:42:04.070552+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'GOOG', 'BAR', 403.7800, 412.5000, 400.8400, 406.8200, NULL, NULL, false, '2026-11-22 18:42:04.070573+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '075642b5-46ec-544e-87d6-ba55ac585b1f', 'HOLD', false, '2026-11-22 18:42:04.070593+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'IBM', 'BAR', 81.7700, 82.9200, 81.4000, 81.6400, NULL, NULL, false, '2026-11-22 18:42:04.070614+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '8523edc4-182e-5da2-b2de-f32b6971d333', 'HOLD', false, '2026-11-22 18:42:04.070635+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'MSFT', 'BAR', 27.0100, 27.0500, 26.7300, 26.8400, NULL, NULL, false, '2026-11-22 18:42:04.070656+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '4b444e8e-38f2-5f90-9955-9d3772199f30', 'HOLD', false, '2026-11-22 18:42:04.070676+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'AAPL', 'BAR', 65.0000, 66.4737, 64.7900, 66.2200, NULL, NULL, false, '2026-11-22 18:42:04.070697+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '5e7bd76a-378e-5d0e-af0a-6bbfc79c5c54', 'HOLD', false, '2026-11-22 18:42:04.070717+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'GOOG', 'BAR', 407.5400, 409.8300, 401.5000, 404.2400, NULL, NULL, false, '2026-11-22 18:42:04.070738+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '680bf19b-e2a1-5d47-a9fc-38be3825bd75', 'HOLD', false, '2026-11-22 18:42:04.070758+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'IBM', 'BAR', 81.8900, 83.5300, 81.7000, 83.3100, NULL, NULL, false, '2026-11-22 18:42:04.070779+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '26307566-9d22-543e-8388-fc48b1084dc3', 'HOLD', false, '2026-11-22 18:42:04.0708+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'MSFT', 'BAR', 26.9000, 27.5000, 26.8200, 27.2200, NULL, NULL, false, '2026-11-22 18:42:04.070821+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'ab33ce15-5e62-5062-9205-0e07e6e46950', 'HOLD', false, '2026-11-22 18:42:04.070841+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'AAPL', 'BAR', 66.8200, 67.0000, 65.4700, 65.6500, NULL, NULL, false, '2026-11-22 18:42:04.070862+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '17e18066-e5c6-5a83-abfe-0343ae17d48a', 'HOLD', false, '2026-11-22 18:42:04.070887+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'GOOG', 'BAR', 412.3700, 413.6400, 406.7300, 410.5000, NULL, NULL, false, '2026-11-22 18:42:04.070908+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'a3de14eb-efa9-501f-a8a5-d783c1588964', 'HOLD', false, '2026-11-22 18:42:04.070928+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'IBM', 'BAR', 83.9500, 84.0000, 81.2600, 81.8600, NULL, NULL, false, '2026-11-22 18:42:04.070999+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'c988bbc1-3e86-5deb-9521-2751df3dbe1f', 'HOLD', false, '2026-11-22 18:42:04.07102+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'MSFT', 'BAR', 27.0800, 27.1900, 26.9600, 27.0300, NULL, NULL, false, '2026-11-22 18:42:04.071041+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '0b91919b-cb6d-5512-85e2-141c7f7b7263', 'HOLD', false, '2026-11-22 18:42:04.071095+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'AAPL', 'BAR', 69.5000, 70.0000, 66.2000, 67.6300, NULL, NULL, false, '2026-11-22 18:42:04.071117+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'f5219add-7d4e-5f8b-a2e2-41baa16033e1', 'HOLD', false, '2026-11-22 18:42:04.071137+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'GOOG', 'BAR', 411.9000, 436.9900, 408.2000, 415.0000, NULL, NULL, false, '2026-11-22 18:42:04.071158+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '400a3fdc-8594-5d77-a620-fa419d658a8c', 'HOLD', false, '2026-11-22 18:42:04.071179+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'IBM', 'BAR', 81.6500, 82.8500, 81.6400, 82.0200, NULL, NULL, false, '2026-11-22 18:42:04.0712+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'a245f3f2-ece7-5d31-8c1e-6ff4f21d2ca4', 'HOLD', false, '2026-11-22 18:42:04.071221+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'MSFT', 'BAR', 27.0400, 27.1900, 26.7000, 27.0300, NULL, NULL, false, '2026-11-22 18:42:04.071242+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'd7b73025-44b3-5c55-9e5d-b6b38177d950', 'HOLD', false, '2026-11-22 18:42:04.071262+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'AAPL', 'BAR', 68.4700, 68.6400, 66.4700, 67.0400, NULL, NULL, false, '2026-11-22 18:42:04.071284+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'd4abdbd3-3377-5b8e-8f42-3641316c11b2', 'HOLD', false, '2026-11-22 18:42:04.071304+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'GOOG', 'BAR', 450.0000, 450.7200, 436.1700, 437.1000, NULL, NULL, false, '2026-11-22 18:42:04.071325+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'fc2b9720-1ddb-5ed2-bbe0-a56e671290a6', 'HOLD', false, '2026-11-22 18:42:04.071345+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'IBM', 'BAR', 82.4900, 82.5000, 81.3800, 81.6600, NULL, NULL, false, '2026-11-22 18:42:04.071394+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'd2150b9c-2ffa-51d2-8804-a7f0653e3b59', 'HOLD', false, '2026-11-22 18:42:04.071415+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'MSFT', 'BAR', 27.1700, 27.3901, 27.0000, 27.1500, NULL, NULL, false, '2026-11-22 18:42:04.071437+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '935dfe2b-20eb-5caf-868e-4100b611e97c', 'HOLD', false, '2026-11-22 18:42:04.071457+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'AAPL', 'BAR', 66.9200, 66.9200, 65.5000, 65.7500, NULL, NULL, false, '2026-11-22 18:42:04.071479+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '57e44d5d-2c26-553d-b597-4fe3d02a4ea4', 'HOLD', false, '2026-11-22 18:42:04.071499+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'GOOG', 'BAR', 439.3400, 444.7000, 436.5200, 440.5000, NULL, NULL, false, '2026-11-22 18:42:04.071574+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '6fd1256c-dcb3-52f8-adde-b75a087127ba', 'HOLD', false, '2026-11-22 18:42:04.071607+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'IBM', 'BAR', 81.3000, 82.4100, 81.1000, 82.1100, NULL, NULL, false, '2026-11-22 18:42:04.071637+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'f5bf2f19-116a-57fd-a3b4-e041fb7cc493', 'SELL', false, '2026-11-22 18:42:04.071658+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'MSFT', 'BAR', 27.0600, 27.2501, 26.9800, 27.1100, NULL, NULL, false, '2026-11-22 18:42:04.071706+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'c3cf4005-86c5-5022-911f-8812b543c750', 'HOLD', false, '2026-11-22 18:42:04.071726+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'AAPL', 'BAR', 65.9700, 66.5900, 65.5600, 66.1700, NULL, NULL, false, '2026-11-22 18:42:04.071954+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '63c37884-dff9-5333-91c7-a5ca8972c18f', 'HOLD', false, '2026-11-22 18:42:04.071977+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'GOOG', 'BAR', 439.4300, 441.0400, 426.0000, 427.1600, NULL, NULL, false, '2026-11-22 18:42:04.072001+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '7b21c980-a3f7-5635-a5a2-96643b207d10', 'HOLD', false, '2026-11-22 18:42:04.072022+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'IBM', 'BAR', 82.1600, 82.9000, 81.6000, 82.6700, NULL, NULL, false, '2026-11-22 18:42:04.072044+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '2790595b-1c3d-521f-98e8-8cdf36b07b32', 'HOLD', false, '2026-11-22 18:42:04.072106+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'MSFT', 'BAR', 27.0900, 27.2100, 27.0200, 27.1100, NULL, NULL, false, '2026-11-22 18:42:04.072129+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '3ceac72c-48fc-5be5-9be0-bcd0868d371d', 'SELL', false, '2026-11-22 18:42:04.07215+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'AAPL', 'BAR', 66.6000, 68.2800, 66.4000, 68.1500, NULL, NULL, false, '2026-11-22 18:42:04.07218+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '259aea32-c3cb-5073-a185-9b0dee1a319b', 'HOLD', false, '2026-11-22 18:42:04.0722+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'GOOG', 'BAR', 428.7000, 430.0400, 423.5300, 425.9700, NULL, NULL, false, '2026-11-22 18:42:04.072222+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'f95b805e-ca2f-5c5d-b17f-a3ebb7a42142', 'HOLD', false, '2026-11-22 18:42:04.072243+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'IBM', 'BAR', 82.8400, 83.4800, 82.7100, 83.3500, NULL, NULL, false, '2026-11-22 18:42:04.072264+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b2add6d9-1b1d-55e8-97c5-dd20b2948c93', 'BUY', false, '2026-11-22 18:42:04.072285+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'MSFT', 'BAR', 27.0700, 27.2300, 27.0000, 27.1000, NULL, NULL, false, '2026-11-22 18:42:04.072307+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '1833a53f-921b-588a-adb0-b5bc650b25fe', 'HOLD', false, '2026-11-22 18:42:04.072327+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'AAPL', 'BAR', 67.7400, 69.8600, 67.3500, 69.3600, NULL, NULL, false, '2026-11-22 18:42:04.072349+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '8900e48d-bb21-53ad-958c-d582cb0c8f4e', 'HOLD', false, '2026-11-22 18:42:04.072369+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'GOOG', 'BAR', 422.7700, 426.9100, 419.3900, 420.0300, NULL, NULL, false, '2026-11-22 18:42:04.07239+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'c99a63bb-06e0-59af-9db6-ca2662bf1394', 'HOLD', false, '2026-11-22 18:42:04.072411+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'IBM', 'BAR', 83.0100, 84.4000, 82.7000, 83.8800, NULL, NULL, false, '2026-11-22 18:42:04.072432+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '3aa0a588-bfcf-55c3-904a-52ac2ee45869', 'HOLD', false, '2026-11-22 18:42:04.072453+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'MSFT', 'BAR', 26.9800, 27.6300, 26.9400, 27.2500, NULL, NULL, false, '2026-11-22 18:42:04.072474+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'e4d02696-3470-5fb5-8b6c-161aa745e29c', 'HOLD', false, '2026-11-22 18:42:04.072495+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'AAPL', 'BAR', 69.2500, 71.3000, 69.2000, 70.3900, NULL, NULL, false, '2026-11-22 18:42:04.072516+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '076702f0-0c67-5199-8368-107095db09f3', 'HOLD', false, '2026-11-22 18:42:04.072537+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'GOOG', 'BAR', 417.7300, 425.7300, 416.3000, 417.9400, NULL, NULL, false, '2026-11-22 18:42:04.072647+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'fd8b987c-5c8d-54d5-892d-a73af864dbdf', 'HOLD', false, '2026-11-22 18:42:04.07271+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'IBM', 'BAR', 83.5100, 83.6200, 81.9800, 82.3400, NULL, NULL, false, '2026-11-22 18:42:04.072732+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '27482002-813d-5ef4-92d8-471bf60fcd8c', 'HOLD', false, '2026-11-22 18:42:04.072752+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'MSFT', 'BAR', 24.2600, 24.5000, 24.0000, 24.1500, NULL, NULL, false, '2026-11-22 18:42:04.072773+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'ecbd7b5b-9d5e-5b08-942a-c17053cbd780', 'HOLD', false, '2026-11-22 18:42:04.072793+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'AAPL', 'BAR', 70.7800, 71.5400, 69.1600, 69.6000, NULL, NULL, false, '2026-11-22 18:42:04.072815+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '28d36a01-5903-5b51-9403-edbf84e4d622', 'HOLD', false, '2026-11-22 18:42:04.072835+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'GOOG', 'BAR', 417.8500, 419.4400, 398.5500, 398.9000, NULL, NULL, false, '2026-11-22 18:42:04.072855+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'e5e4ed46-16d0-5eb5-887b-c50bd94379bf', 'HOLD', false, '2026-11-22 18:42:04.072875+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'IBM', 'BAR', 82.5900, 83.3100, 82.1000, 82.2300, NULL, NULL, false, '2026-11-22 18:42:04.07302+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'a0faa8da-e406-51dc-9e8f-dbdf4da54e76', 'HOLD', false, '2026-11-22 18:42:04.073049+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'MSFT', 'BAR', 24.3300, 25.0000, 24.0900, 24.2900, NULL, NULL, false, '2026-11-22 18:42:04.073072+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'de8e051a-85f9-5a16-86bb-f16e3964329f', 'HOLD', false, '2026-11-22 18:42:04.073093+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'AAPL', 'BAR', 70.1500, 71.9800, 70.1100, 71.6200, NULL, NULL, false, '2026-11-22 18:42:04.073114+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '99c6c770-b553-5292-b48b-690c3007d3bb', 'HOLD', false, '2026-11-22 18:42:04.073135+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'GOOG', 'BAR', 401.0000, 402.4900, 388.4000, 394.8000, NULL, NULL, false, '2026-11-22 18:42:04.073161+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'ca4b2940-ef71-56e7-8d52-418bf20ad88c', 'HOLD', false, '2026-11-22 18:42:04.073181+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'IBM', 'BAR', 82.1100, 82.7400, 82.0000, 82.4200, NULL, NULL, false, '2026-11-22 18:42:04.073203+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'd84125ac-44ba-58cd-a683-89920e2a8031', 'HOLD', false, '2026-11-22 18:42:04.073223+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'MSFT', 'BAR', 24.5000, 25.0000, 23.9000, 24.0100, NULL, NULL, false, '2026-11-22 18:42:04.073244+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '75c7d7c7-c43c-5b59-8ad6-9697d3e2afa4', 'HOLD', false, '2026-11-22 18:42:04.073264+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'AAPL', 'BAR', 71.9500, 71.9500, 70.1800, 71.1400, NULL, NULL, false, '2026-11-22 18:42:04.073286+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'cdbc6227-957f-5751-9e54-ff21c045a81b', 'HOLD', false, '2026-11-22 18:42:04.073306+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'GOOG', 'BAR', 396.5500, 401.5000, 390.8800, 394.1700, NULL, NULL, false, '2026-11-22 18:42:04.073328+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '1d0823fa-6ab5-5ed5-be1b-2f7b90d40e19', 'HOLD', false, '2026-11-22 18:42:04.073367+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'IBM', 'BAR', 82.5400, 83.2900, 82.4500, 82.7000, NULL, NULL, false, '2026-11-22 18:42:04.07339+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b96c0139-e770-5f56-bfda-6e9ba49395c7', 'HOLD', false, '2026-11-22 18:42:04.07341+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'MSFT', 'BAR', 24.0000, 24.0200, 23.1500, 23.1700, NULL, NULL, false, '2026-11-22 18:42:04.073432+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'ab861879-bbed-5c37-bca5-0f6576512f8d', 'HOLD', false, '2026-11-22 18:42:04.073452+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'AAPL', 'BAR', 71.2200, 72.8900, 70.4600, 71.1300, NULL, NULL, false, '2026-11-22 18:42:04.150874+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '6a7594b0-9d94-5cef-8211-5ee02a639332', 'HOLD', false, '2026-11-22 18:42:04.150952+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'GOOG', 'BAR', 395.0300, 398.8700, 392.2100, 394.7500, NULL, NULL, false, '2026-11-22 18:42:04.150984+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'd7a8d6e3-935a-5812-b8ef-7324b86efc53', 'HOLD', false, '2026-11-22 18:42:04.151009+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'IBM', 'BAR', 82.7100, 83.0900, 82.4000, 82.4300, NULL, NULL, false, '2026-11-22 18:42:04.151034+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '9a14d9c6-6c33-538f-9961-f6382c29e48c', 'HOLD', false, '2026-11-22 18:42:04.151057+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'MSFT', 'BAR', 23.3500, 23.6700, 23.1400, 23.4400, NULL, NULL, false, '2026-11-22 18:42:04.151079+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '05634599-d387-5a96-b08b-9af03c19047f', 'HOLD', false, '2026-11-22 18:42:04.151101+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 20:00:00+00', 'AAPL', 'BAR', 69.0000, 69.4900, 68.0200, 69.1000, NULL, NULL, true, '2026-11-22 18:42:04.158696+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'AAPL', 'BAR', 71.8600, 72.2500, 71.1500, 71.8900, NULL, NULL, false, '2026-11-22 18:42:04.161467+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '94183e07-70ac-5879-ae67-a449a94afcfc', 'HOLD', false, '2026-11-22 18:42:04.16159+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'GOOG', 'BAR', 397.6000, 400.6800, 391.7800, 394.3000, NULL, NULL, false, '2026-11-22 18:42:04.161629+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'b5d98b87-31f1-52dd-b2fe-c29f4e0c70a2', 'HOLD', false, '2026-11-22 18:42:04.161654+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'IBM', 'BAR', 82.9500, 83.5500, 82.7000, 82.9800, NULL, NULL, false, '2026-11-22 18:42:04.161678+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'b97e1e78-8ab4-5ac4-b239-bde24cb4a7e2', 'HOLD', false, '2026-11-22 18:42:04.1617+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-05 20:00:00+00', 'MSFT', 'BAR', 23.6600, 23.9500, 23.5200, 23.8000, NULL, NULL, false, '2026-11-22 18:42:04.161724+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'AAPL', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.527133+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '2a236458-1816-5b44-bc78-086c37d18ead', 'BUY', false, '2026-11-22 18:42:04.527246+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'GOOG', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.5273+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '93bf33c9-7b39-5a08-b8ff-93b901037d0f', 'BUY', false, '2026-11-22 18:42:04.527343+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'IBM', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.52739+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, 'e4dc6b96-c16b-501f-843f-e9107bcaa8a9', 'BUY', false, '2026-11-22 18:42:04.527426+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'MSFT', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.527478+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '89c9b5a6-d571-5abe-a622-8b3e31ba7f52', 'BUY', false, '2026-11-22 18:42:04.527518+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'AAPL', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.53502+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, 'eff7a00d-86ad-5f27-9492-eaefcc0223a9', 'HOLD', false, '2026-11-22 18:42:04.535133+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'GOOG', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.535257+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, '56d8ff30-c656-51f4-90c9-8a8f2065bd3e', 'HOLD', false, '2026-11-22 18:42:04.535312+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'IBM', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.535353+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '6ac09526-798c-51e2-81c1-dd4ac46860f7', 'HOLD', false, '2026-11-22 18:42:04.535388+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'MSFT', 'BAR', 100.0000, 100.0000, 100.0000, 100.0000, NULL, NULL, false, '2026-11-22 18:42:04.535424+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, 'a489f68b-faf1-59f3-a786-f8085d3643a9', 'HOLD', false, '2026-11-22 18:42:04.535458+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'AAPL', 'BAR', 100.0000, 100.0000, 96.0000, 96.0000, NULL, NULL, false, '2026-11-22 18:42:04.543592+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'AAPL', 'SIGNAL', NULL, NULL, NULL, NULL, '038b1be0-cc47-5e4f-9a76-6fdd08d355be', 'BUY', false, '2026-11-22 18:42:04.54376+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'GOOG', 'BAR', 100.0000, 100.0000, 96.0000, 96.0000, NULL, NULL, false, '2026-11-22 18:42:04.543822+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'GOOG', 'SIGNAL', NULL, NULL, NULL, NULL, 'a31d7a07-88f2-5539-ad95-2b89a8a33670', 'BUY', false, '2026-11-22 18:42:04.543868+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'IBM', 'BAR', 100.0000, 100.0000, 96.0000, 96.0000, NULL, NULL, false, '2026-11-22 18:42:04.543908+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'IBM', 'SIGNAL', NULL, NULL, NULL, NULL, '491f7db5-e391-5ae9-8dd6-85d03ed314a3', 'BUY', false, '2026-11-22 18:42:04.543957+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'MSFT', 'BAR', 100.0000, 100.0000, 96.0000, 96.0000, NULL, NULL, false, '2026-11-22 18:42:04.543994+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 'MSFT', 'SIGNAL', NULL, NULL, NULL, NULL, '95c49b1a-3314-565b-bde2-1dce54242380', 'BUY', false, '2026-11-22 18:42:04.544028+00');

INSERT INTO public.instants VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.031336+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.045632+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.053425+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.055102+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.056579+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.081079+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.087266+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.09106+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.092748+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.094162+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.095116+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.096092+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.096954+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.097752+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.098603+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.099426+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.100251+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.101006+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.102073+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.103367+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.104906+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.106024+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.107052+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.108003+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.108972+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.110918+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.113412+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.114747+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.115791+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.116559+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.117315+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.118241+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.120396+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.12234+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.123228+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.124208+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.125305+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.129092+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.132028+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.134861+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.138205+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.140941+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.142483+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.144621+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.145972+00'),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.1537+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.530204+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.5375+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', '{AAPL,GOOG,IBM,MSFT}', '{AAPL,GOOG,IBM,MSFT}', 1, '2026-11-22 18:42:04.54591+00');

INSERT INTO public.market_data VALUES
	('REPLAY', 'AAPL', '1d', '2006-02-16 21:00:00+00', 69.9900, 71.0100, 69.4800, 70.5700, 33863400.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-17 21:00:00+00', 70.3100, 70.8900, 69.6100, 70.2900, 20571400.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-21 21:00:00+00', 70.6300, 70.8000, 68.6800, 69.0800, 27843100.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-22 21:00:00+00', 69.0000, 71.6700, 68.0000, 71.3200, 34937100.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-23 21:00:00+00', 71.7800, 73.0000, 71.4300, 71.7500, 30604200.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-24 21:00:00+00', 72.1400, 72.8900, 71.2000, 71.4600, 19098000.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-27 21:00:00+00', 72.0200, 72.1200, 70.6500, 70.9900, 28258600.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-02-28 21:00:00+00', 71.6000, 72.4000, 68.1000, 68.4900, 45249300.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-01 21:00:00+00', 69.0000, 69.4900, 68.0200, 69.1000, 27279200.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-02 21:00:00+00', 69.0200, 69.9900, 68.6700, 69.6100, 22331200.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-03 21:00:00+00', 69.3300, 69.9100, 67.5300, 67.7200, 26345300.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-06 21:00:00+00', 67.6000, 67.7200, 64.9400, 65.4800, 32595200.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-07 21:00:00+00', 65.7600, 66.9000, 65.0800, 66.3100, 31174200.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-08 21:00:00+00', 66.3600, 67.2000, 65.3500, 65.6600, 23330400.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-09 21:00:00+00', 66.0900, 66.4700, 63.8100, 63.9300, 28546600.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-10 21:00:00+00', 64.0100, 64.4900, 62.4500, 63.1900, 37255100.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-13 21:00:00+00', 65.6100, 66.2800, 64.7900, 65.6800, 30756700.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-14 21:00:00+00', 65.7900, 67.3200, 65.5000, 67.3200, 22929300.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-15 21:00:00+00', 67.8200, 68.0400, 65.5200, 66.2300, 31857000.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'AAPL', '1d', '2006-03-16 21:00:00+00', 66.8900, 66.9000, 64.3000, 64.3100, 26772800.00000000, '2026-11-22 18:42:04.40455+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-16 21:00:00+00', 345.8600, 367.0000, 344.4900, 366.4600, 42588300.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-17 21:00:00+00', 369.9900, 372.1400, 363.6200, 368.7500, 28611700.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-21 21:00:00+00', 366.3200, 373.5400, 365.1100, 366.5900, 17354600.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-22 21:00:00+00', 367.1500, 368.9500, 363.8600, 365.4900, 12939400.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-23 21:00:00+00', 365.4100, 381.2400, 365.3900, 378.0700, 25078000.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-24 21:00:00+00', 377.3000, 380.0700, 373.4900, 377.4000, 12955600.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-27 21:00:00+00', 381.2000, 391.7000, 380.2800, 390.3750, 20403900.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-02-28 21:00:00+00', 392.6500, 397.5400, 338.5100, 362.6200, 78796300.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-01 21:00:00+00', 369.0000, 369.4500, 361.3000, 364.8000, 24098200.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-02 21:00:00+00', 364.4200, 381.1000, 362.2000, 376.4500, 36623900.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-03 21:00:00+00', 384.3000, 387.2400, 375.7600, 378.1800, 23900000.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-06 21:00:00+00', 380.6600, 383.4000, 367.1400, 368.1000, 17861500.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-07 21:00:00+00', 364.4200, 368.4500, 358.1500, 364.4500, 20736800.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-08 21:00:00+00', 353.7800, 360.0300, 350.5411, 353.8800, 23467700.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-09 21:00:00+00', 355.4700, 358.5300, 341.5000, 343.0000, 27792900.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-10 21:00:00+00', 343.5000, 344.5000, 331.5500, 337.5000, 38612500.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-13 21:00:00+00', 339.7200, 346.1000, 335.4500, 337.0600, 27257500.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-14 21:00:00+00', 336.5900, 352.3700, 332.6200, 351.1600, 36864400.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-15 21:00:00+00', 350.8700, 352.3000, 340.5300, 344.5000, 25512000.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'GOOG', '1d', '2006-03-16 21:00:00+00', 348.7000, 348.7500, 337.9000, 338.7700, 20013300.00000000, '2026-11-22 18:42:04.406958+00'),
	('REPLAY', 'IBM', '1d', '2006-02-16 21:00:00+00', 80.6800, 80.9100, 80.1300, 80.9100, 5310500.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-17 21:00:00+00', 80.9100, 81.0300, 80.1300, 80.7100, 5298800.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-21 21:00:00+00', 80.1000, 80.7500, 79.9700, 80.5000, 5838000.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-22 21:00:00+00', 80.0000, 81.6500, 79.9700, 81.3500, 5294300.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-23 21:00:00+00', 81.0500, 81.3400, 80.0400, 80.2000, 4979400.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-24 21:00:00+00', 80.6500, 80.6500, 79.8500, 80.1000, 3903200.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-27 21:00:00+00', 80.0000, 80.8900, 79.9500, 80.6300, 3787000.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-02-28 21:00:00+00', 80.1000, 80.5500, 79.7100, 80.2400, 5960700.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-01 21:00:00+00', 80.0100, 80.8100, 79.7800, 79.9000, 5172300.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-02 21:00:00+00', 79.9000, 80.2100, 79.5400, 79.9400, 4418800.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-03 21:00:00+00', 79.5100, 80.8300, 79.5100, 79.9600, 4354400.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-06 21:00:00+00', 80.0500, 80.6400, 79.9000, 80.0000, 4709500.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-07 21:00:00+00', 79.8600, 80.7900, 79.8600, 80.2900, 4330800.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-08 21:00:00+00', 80.3900, 81.6000, 80.2500, 81.1400, 5569900.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-09 21:00:00+00', 81.1500, 81.9800, 80.8000, 81.0200, 4310700.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-10 21:00:00+00', 81.0300, 82.2500, 81.0300, 81.5700, 4787200.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-13 21:00:00+00', 81.5600, 82.4000, 81.4500, 81.9300, 4571400.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-14 21:00:00+00', 81.5100, 82.9900, 81.4700, 82.8800, 4518000.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-15 21:00:00+00', 82.6500, 83.7600, 82.6400, 83.3800, 5370400.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'IBM', '1d', '2006-03-16 21:00:00+00', 83.4300, 83.7200, 82.6100, 82.8700, 4299500.00000000, '2026-11-22 18:42:04.408242+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-16 21:00:00+00', 26.8400, 26.9001, 26.5700, 26.8100, 48868500.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-17 21:00:00+00', 26.7300, 26.8100, 26.5600, 26.7000, 41513200.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-21 21:00:00+00', 26.6600, 26.7200, 26.3400, 26.5400, 50216100.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-22 21:00:00+00', 26.5300, 26.8600, 26.4700, 26.7200, 43043100.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-23 21:00:00+00', 26.7000, 26.8901, 26.5400, 26.6600, 47359100.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-24 21:00:00+00', 26.5900, 26.7400, 26.5200, 26.6300, 44753800.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-27 21:00:00+00', 26.7500, 27.2600, 26.6700, 27.0500, 51301500.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-02-28 21:00:00+00', 26.9400, 27.3000, 26.8700, 26.8700, 65036100.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-01 21:00:00+00', 26.9900, 27.2000, 26.9500, 27.1400, 53061200.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-02 21:00:00+00', 26.9900, 27.1001, 26.9000, 26.9700, 41850300.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-03 21:00:00+00', 26.8000, 27.1600, 26.7400, 26.9300, 45218800.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-06 21:00:00+00', 26.9200, 27.1500, 26.8300, 26.9100, 53054100.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-07 21:00:00+00', 26.8700, 27.1000, 26.8100, 27.0600, 51613900.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-08 21:00:00+00', 26.9700, 27.5000, 26.9700, 27.2500, 57547400.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-09 21:00:00+00', 27.2100, 27.4200, 27.0000, 27.0000, 45360700.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-10 21:00:00+00', 27.0600, 27.2200, 26.8800, 27.1700, 41297200.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-13 21:00:00+00', 26.9790, 27.2900, 26.9400, 27.1100, 40342600.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-14 21:00:00+00', 27.0000, 27.3800, 26.9900, 27.2300, 39821800.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-15 21:00:00+00', 27.1800, 27.4501, 27.0100, 27.3600, 57152000.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'MSFT', '1d', '2006-03-16 21:00:00+00', 27.2800, 27.4800, 27.2200, 27.2700, 73793700.00000000, '2026-11-22 18:42:04.409604+00'),
	('REPLAY', 'IBM', '1d', '1999-03-01 21:00:00+00', 92.6400, 93.4300, 92.5900, 93.3000, 3819900.00000000, '2026-11-22 18:42:04.511551+00');

INSERT INTO public.models VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'lstm-1', '2006-03-01 21:00:00+00', 'abc', 'models/lstm-1', '{"lookback": "60"}', '{"summary": "x", "verdict": "none"}', '2026-11-22 18:42:04.519124+00');

INSERT INTO public.offsets VALUES
	('trading-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'cluster/1', 'market_data', 0, 7),
	('trading-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'cluster/1', 'trading_signals', 0, 5);

INSERT INTO public.orders VALUES
	('776fcea0-ae8c-5d47-8eba-44828b51ee3e', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'BUY', 'COMMAND', NULL, 100000.00000000, 0.00000000, NULL, 'DENIED', '2006-03-01 21:00:00+00', 27.1400, 0.0000, 'POSITION_EXCEEDS_MAXIMUM', 2714000.00000000, 25000.00000000, '2026-11-22 18:42:04.019157+00', '2026-11-22 18:42:04.043514+00'),
	('ee0d9876-2888-5b3c-831d-2d068237b0b3', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'BUY', 'COMMAND', NULL, 10.00000000, 10.00000000, 79.9160, 'FILLED', '2006-03-01 21:00:00+00', 79.9000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.011315+00', '2026-11-22 18:42:04.049506+00'),
	('d2e28bfe-4ee5-51af-9dda-5912e8d65f2f', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'SELL', 'COMMAND', NULL, 4.00000000, 0.00000000, NULL, 'DENIED', '2006-03-08 21:00:00+00', 353.8800, 0.0000, 'REDUCE_ONLY_WOULD_INCREASE_POSITION', 4.00000000, 0.00000000, '2026-11-22 18:42:04.061963+00', '2026-11-22 18:42:04.083434+00'),
	('e4d60bae-4893-59ab-8c10-21496c8d4f09', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'SELL', 'COMMAND', NULL, 4.00000000, 4.00000000, 81.1338, 'FILLED', '2006-03-08 21:00:00+00', 81.1400, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.06033+00', '2026-11-22 18:42:04.088376+00'),
	('364671fc-83ea-58b2-a77e-d547455e9fc1', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'BUY', 'SIGNAL', 'b86a226d-00b2-5822-8ee1-471a2d15f334', 734.00000000, 734.00000000, 27.2154, 'FILLED', '2006-03-08 21:00:00+00', 27.2500, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.085778+00', '2026-11-22 18:42:04.08934+00'),
	('8ac682b5-ab9f-546f-a164-6715a45e37b6', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'BUY', 'SIGNAL', '335adc63-d8e1-52b5-a8d6-f967414a8b78', 49.00000000, 49.00000000, 407.7815, 'FILLED', '2006-04-04 20:00:00+00', 404.3400, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.109792+00', '2026-11-22 18:42:04.111911+00'),
	('aa892e13-b0ba-5804-9512-a12e3635571a', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', 'BUY', 'SIGNAL', '5538880e-0599-59df-b5b7-c86e940e06e4', 299.00000000, 299.00000000, 66.5233, 'FILLED', '2006-04-13 20:00:00+00', 66.4690, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.119337+00', '2026-11-22 18:42:04.121031+00'),
	('a4683e46-bcb9-56c8-9ff5-7cdce046f242', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'SELL', 'TAKE_PROFIT', NULL, 49.00000000, 49.00000000, 450.0000, 'FILLED', '2006-04-21 20:00:00+00', 450.0000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.125589+00', '2026-11-22 18:42:04.126702+00'),
	('6eee5966-f905-5876-9794-247e257739cf', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'SELL', 'SIGNAL', 'f5bf2f19-116a-57fd-a3b4-e041fb7cc493', 6.00000000, 6.00000000, 82.1436, 'FILLED', '2006-04-24 20:00:00+00', 82.1100, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.130687+00', '2026-11-22 18:42:04.132707+00'),
	('cb48c39e-a082-54e8-b315-e2f5d271291a', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'SELL', 'SIGNAL', '3ceac72c-48fc-5be5-9be0-bcd0868d371d', 734.00000000, 734.00000000, 27.0646, 'FILLED', '2006-04-25 20:00:00+00', 27.1100, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.133915+00', '2026-11-22 18:42:04.135348+00'),
	('92c1cea5-074f-55ae-b508-28642eb33720', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'BUY', 'SIGNAL', 'b2add6d9-1b1d-55e8-97c5-dd20b2948c93', 245.00000000, 245.00000000, 83.0266, 'FILLED', '2006-04-26 20:00:00+00', 83.3500, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.136865+00', '2026-11-22 18:42:04.138835+00'),
	('c0f23d3b-18ba-55f2-85a6-e4e8f8beb142', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'BUY', 'COMMAND', NULL, 1.00000000, 0.00000000, NULL, 'ACCEPTED', '2006-05-04 20:00:00+00', 394.7500, 395.0264, NULL, NULL, NULL, '2026-11-22 18:42:04.148822+00', '2026-11-22 18:42:04.155083+00'),
	('9a1bbe15-bd4a-5a7e-a045-14c12839ee78', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', 'BUY', 'COMMAND', NULL, 1.00000000, 0.00000000, NULL, 'INITIALIZED', NULL, NULL, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.157423+00', '2026-11-22 18:42:04.157442+00'),
	('ee151719-0382-5297-9afe-c68ae442659f', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'AAPL', 'BUY', 'SIGNAL', '2a236458-1816-5b44-bc78-086c37d18ead', 200.00000000, 200.00000000, 100.0200, 'FILLED', '2020-01-02 21:00:00+00', 100.0000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.531956+00', '2026-11-22 18:42:04.538268+00'),
	('5d0defcf-f975-5309-940a-d72d43030a06', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'GOOG', 'BUY', 'SIGNAL', '93bf33c9-7b39-5a08-b8ff-93b901037d0f', 200.00000000, 200.00000000, 100.0200, 'FILLED', '2020-01-02 21:00:00+00', 100.0000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.53268+00', '2026-11-22 18:42:04.539125+00'),
	('1fee852e-8bdf-5f81-8703-e6b1e298da35', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'IBM', 'BUY', 'SIGNAL', 'e4dc6b96-c16b-501f-843f-e9107bcaa8a9', 200.00000000, 200.00000000, 100.0200, 'FILLED', '2020-01-02 21:00:00+00', 100.0000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.533124+00', '2026-11-22 18:42:04.539864+00'),
	('174e0f0a-356c-5f83-a258-c503cb1adb06', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'MSFT', 'BUY', 'SIGNAL', '89c9b5a6-d571-5abe-a622-8b3e31ba7f52', 200.00000000, 200.00000000, 100.0200, 'FILLED', '2020-01-02 21:00:00+00', 100.0000, 0.0000, NULL, NULL, NULL, '2026-11-22 18:42:04.533487+00', '2026-11-22 18:42:04.540484+00');

INSERT INTO public.outbox OVERRIDING SYSTEM VALUE VALUES
	(1, 'trading-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'market_data.dlq', '\x6b', '\x00706f69736f6e', '{"error": "bad"}', NULL, NULL),
	(2, 'ml-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'trading_signals', '\x736d61', '\x7b7d', '{}', '2006-03-02 21:00:00+00', '2026-11-22 18:42:04.52207+00');

INSERT INTO public.portfolio_snapshots VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-01 21:00:00+00', 100000.0000, 0.0000, 0.0000, 100000.0000, 0.0000, 0.0000, 0.0000),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-02 21:00:00+00', 99200.4404, 0.0000, 799.4000, 99999.8404, 0.0000, 0.2400, 0.3996),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-03 21:00:00+00', 99200.4404, 0.0000, 799.6000, 100000.0404, 0.0000, 0.4400, 0.3996),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-06 21:00:00+00', 99200.4404, 0.0000, 800.0000, 100000.4404, 0.0000, 0.8400, 0.3996),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-07 21:00:00+00', 99200.4404, 0.0000, 802.9000, 100003.3404, 0.0000, 3.7400, 0.3996),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-08 21:00:00+00', 99200.4404, 0.0000, 811.4000, 100011.8404, 0.0000, 12.2400, 0.3996),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-09 21:00:00+00', 79538.7216, 0.0000, 20304.1200, 99842.8416, 4.8712, -151.4796, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-10 21:00:00+00', 79538.7216, 0.0000, 20432.2000, 99970.9216, 4.8712, -23.3996, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-13 21:00:00+00', 79538.7216, 0.0000, 20390.3200, 99929.0416, 4.8712, -65.2796, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-14 21:00:00+00', 79538.7216, 0.0000, 20484.1000, 100022.8216, 4.8712, 28.5004, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-15 21:00:00+00', 79538.7216, 0.0000, 20582.5200, 100121.2416, 4.8712, 126.9204, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-16 21:00:00+00', 79538.7216, 0.0000, 20513.4000, 100052.1216, 4.8712, 57.8004, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-17 21:00:00+00', 79538.7216, 0.0000, 20684.8000, 100223.5216, 4.8712, 229.2004, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-20 21:00:00+00', 79538.7216, 0.0000, 20972.7400, 100511.4616, 4.8712, 517.1404, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-21 21:00:00+00', 79538.7216, 0.0000, 20864.0200, 100402.7416, 4.8712, 408.4204, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-22 21:00:00+00', 79538.7216, 0.0000, 20434.8000, 99973.5216, 4.8712, -20.7996, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-23 21:00:00+00', 79538.7216, 0.0000, 20207.1000, 99745.8216, 4.8712, -248.4996, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-24 21:00:00+00', 79538.7216, 0.0000, 20325.5000, 99864.2216, 4.8712, -130.0996, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-27 21:00:00+00', 79538.7216, 0.0000, 20323.8200, 99862.5416, 4.8712, -131.7796, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-28 21:00:00+00', 79538.7216, 0.0000, 20239.1800, 99777.9016, 4.8712, -216.4196, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-29 21:00:00+00', 79538.7216, 0.0000, 20331.4600, 99870.1816, 4.8712, -124.1396, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-30 21:00:00+00', 79538.7216, 0.0000, 20486.0200, 100024.7416, 4.8712, 30.4204, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-03-31 21:00:00+00', 79538.7216, 0.0000, 20466.9600, 100005.6816, 4.8712, 11.3604, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-03 20:00:00+00', 79538.7216, 0.0000, 20727.4000, 100266.1216, 4.8712, 271.8004, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-04 20:00:00+00', 79538.7216, 0.0000, 20788.4600, 100327.1816, 4.8712, 332.8604, 10.5500),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-05 20:00:00+00', 59547.4375, 0.0000, 40857.6900, 100405.1275, 4.8712, 420.7969, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-06 20:00:00+00', 59547.4375, 0.0000, 40879.7200, 100427.1575, 4.8712, 442.8269, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-07 20:00:00+00', 59547.4375, 0.0000, 40398.2200, 99945.6575, 4.8712, -38.6731, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-10 20:00:00+00', 59547.4375, 0.0000, 40926.0800, 100473.5175, 4.8712, 489.1869, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-11 20:00:00+00', 59547.4375, 0.0000, 40473.7200, 100021.1575, 4.8712, 36.8269, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-12 20:00:00+00', 59547.4375, 0.0000, 40487.8500, 100035.2875, 4.8712, 50.9569, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-13 20:00:00+00', 59547.4375, 0.0000, 40067.1000, 99614.5375, 4.8712, -369.7931, 20.5406),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-17 20:00:00+00', 39647.0256, 0.0000, 59503.0690, 99150.0946, 4.8712, -824.2908, 30.4858),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-18 20:00:00+00', 39647.0256, 0.0000, 60086.8800, 99733.9056, 4.8712, -240.4798, 30.4858),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-19 20:00:00+00', 39647.0256, 0.0000, 60075.0300, 99722.0556, 4.8712, -252.3298, 30.4858),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-20 20:00:00+00', 39647.0256, 0.0000, 60888.5100, 100535.5356, 4.8712, 561.1502, 30.4858),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-21 20:00:00+00', 61686.0006, 0.0000, 40463.0200, 102149.0206, 2073.5777, 116.9537, 41.5108),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-24 20:00:00+00', 61686.0006, 0.0000, 40050.6500, 101736.6506, 2073.5777, -295.4163, 41.5108),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-25 20:00:00+00', 62178.6158, 0.0000, 39683.5700, 101862.1858, 2086.9433, -183.0003, 41.7572),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-26 20:00:00+00', 82034.0995, 0.0000, 20376.8500, 102410.9495, 1976.2561, 486.3833, 51.6899),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-27 20:00:00+00', 61682.4117, 0.0000, 41289.2400, 102971.6517, 1976.2561, 1057.2563, 61.8607),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-04-28 20:00:00+00', 61682.4117, 0.0000, 41219.9100, 102902.3217, 1976.2561, 987.9263, 61.8607),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-01 20:00:00+00', 61682.4117, 0.0000, 40956.7500, 102639.1617, 1976.2561, 724.7663, 61.8607),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-02 20:00:00+00', 61682.4117, 0.0000, 41607.2800, 103289.6917, 1976.2561, 1375.2963, 61.8607),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-03 20:00:00+00', 61682.4117, 0.0000, 41532.3600, 103214.7717, 1976.2561, 1300.3763, 61.8607),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00', 61682.4117, 0.0000, 41463.2200, 103145.6317, 1976.2561, 1231.2363, 61.8607),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-02 21:00:00+00', 100000.0000, 0.0000, 0.0000, 100000.0000, 0.0000, 0.0000, 0.0000),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-03 21:00:00+00', 19943.9920, 0.0000, 80000.0000, 99943.9920, 0.0000, -16.0000, 40.0080),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00', 19943.9920, 0.0000, 76800.0000, 96743.9920, 0.0000, -3216.0000, 40.0080);

INSERT INTO public.positions VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 245.00000000, 20341.5170, 82.4300, 18.2368, 10.9791, DEFAULT),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 0.00000000, 0.0000, 23.4400, -110.6872, 19.9208, DEFAULT),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 0.00000000, 0.0000, 394.7500, 2068.7065, 21.0156, DEFAULT),
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', 299.00000000, 19890.4667, 71.1300, 0.0000, 9.9452, DEFAULT),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'AAPL', 200.00000000, 20004.0000, 96.0000, 0.0000, 10.0020, DEFAULT),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'GOOG', 200.00000000, 20004.0000, 96.0000, 0.0000, 10.0020, DEFAULT),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'IBM', 200.00000000, 20004.0000, 96.0000, 0.0000, 10.0020, DEFAULT),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'MSFT', 200.00000000, 20004.0000, 96.0000, 0.0000, 10.0020, DEFAULT);

INSERT INTO public.relays VALUES
	('ml-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'cluster/1');

INSERT INTO public.schema_migrations VALUES
	('0001_platform', '2a9c3df902da2dde0dc5d6882d123905d84ec84ccef1dacedd8625619b57c9a4', '2026-11-22 18:42:03.064909+00');

INSERT INTO public.strategies VALUES
	('default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'replay.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '{"kind": "TradingStrategy", "spec": {"feed": {"replay": {"to": "2013-03-01", "from": "2005-03-01", "tradeFrom": "2006-03-01"}, "source": "Replay", "interval": "1d"}, "risk": {"stopLoss": "5%", "takeProfit": "10%", "maxPosition": "25%", "maxDailyLoss": "3%", "maxConcentration": "40%"}, "broker": {"fee": "0.05%", "type": "Paper", "slippage": "0.02%"}, "signal": {"model": "SMACross", "parameters": {"fast": "10", "slow": "50"}}, "sizing": {"fraction": "20%"}, "account": {"currency": "USD", "initialCash": "100000"}, "symbols": ["AAPL", "GOOG", "IBM", "MSFT"], "execution": {"maxSignalAge": "7d"}}, "metadata": {"uid": "f431040d-b896-5a7a-ab6f-2a8c7f9c8b36", "name": "sma-cross", "namespace": "default"}, "apiVersion": "tradewind.dev/v1alpha1"}', 0.25000000, 0.40000000, 0.03000000, 0.00050000, 0.00020000, '2026-11-22 18:42:03.121134+00'),
	('default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'replay.default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '{"kind": "TradingStrategy", "spec": {"feed": {"replay": {"to": "2013-03-01", "from": "2005-03-01", "tradeFrom": "2006-03-01"}, "source": "Replay", "interval": "1d"}, "risk": {"stopLoss": "5%", "takeProfit": "10%", "maxPosition": "25%", "maxDailyLoss": "3%", "maxConcentration": "40%"}, "broker": {"fee": "0.05%", "type": "Paper", "slippage": "0.02%"}, "signal": {"model": "SMACross", "parameters": {"fast": "10", "slow": "50"}}, "sizing": {"fraction": "20%"}, "account": {"currency": "USD", "initialCash": "100000"}, "symbols": ["AAPL", "GOOG", "IBM", "MSFT"], "execution": {"maxSignalAge": "7d"}}, "metadata": {"uid": "4e2efc83-2975-5147-a0ca-e8231eb6a3bd", "name": "halted", "namespace": "default"}, "apiVersion": "tradewind.dev/v1alpha1"}', 0.25000000, 0.40000000, 0.03000000, 0.00050000, 0.00020000, '2026-11-22 18:42:04.525582+00');

INSERT INTO public.trades OVERRIDING SYSTEM VALUE VALUES
	('f7f173e5-736e-5b57-82ab-89df5780479c', 'ee0d9876-2888-5b3c-831d-2d068237b0b3', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'BUY', 10.00000000, 79.9160, 799.1600, 0.3996, 0.0000, '2006-03-02 21:00:00+00', 1),
	('ba6c42d1-aaa7-5dd4-a797-d99875683282', 'e4d60bae-4893-59ab-8c10-21496c8d4f09', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'SELL', 4.00000000, 81.1338, 324.5352, 0.1623, 4.8712, '2006-03-09 21:00:00+00', 2),
	('cfe43a24-ad1b-51c4-8d16-30adad2dfb72', '364671fc-83ea-58b2-a77e-d547455e9fc1', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'BUY', 734.00000000, 27.2154, 19976.1036, 9.9881, 0.0000, '2006-03-09 21:00:00+00', 3),
	('f6d76746-bd4f-5783-ac41-db41119eedad', '8ac682b5-ab9f-546f-a164-6715a45e37b6', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'BUY', 49.00000000, 407.7815, 19981.2935, 9.9906, 0.0000, '2006-04-05 20:00:00+00', 4),
	('ba14a88f-442e-564b-b8e7-05978bb4f09a', 'aa892e13-b0ba-5804-9512-a12e3635571a', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', 'BUY', 299.00000000, 66.5233, 19890.4667, 9.9452, 0.0000, '2006-04-17 20:00:00+00', 5),
	('5c613bfe-8535-56fa-a6ca-d1b7c16df63f', 'a4683e46-bcb9-56c8-9ff5-7cdce046f242', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', 'SELL', 49.00000000, 450.0000, 22050.0000, 11.0250, 2068.7065, '2006-04-21 20:00:00+00', 6),
	('4f7671f4-592f-5607-8e12-a8df8effeb6c', '6eee5966-f905-5876-9794-247e257739cf', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'SELL', 6.00000000, 82.1436, 492.8616, 0.2464, 13.3656, '2006-04-25 20:00:00+00', 7),
	('4a34fb96-e5fb-5b65-9153-86a807e0afed', 'cb48c39e-a082-54e8-b315-e2f5d271291a', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', 'SELL', 734.00000000, 27.0646, 19865.4164, 9.9327, -110.6872, '2006-04-26 20:00:00+00', 8),
	('0b26f7a4-657b-506a-b5bf-9e1ad544d125', '92c1cea5-074f-55ae-b508-28642eb33720', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', 'BUY', 245.00000000, 83.0266, 20341.5170, 10.1708, 0.0000, '2006-04-27 20:00:00+00', 9),
	('a3eb8cee-28bf-5768-ac93-940d0ee671c3', 'ee151719-0382-5297-9afe-c68ae442659f', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'AAPL', 'BUY', 200.00000000, 100.0200, 20004.0000, 10.0020, 0.0000, '2020-01-03 21:00:00+00', 10),
	('507206f9-959a-52c1-a4c3-c660a208b6a6', '5d0defcf-f975-5309-940a-d72d43030a06', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'GOOG', 'BUY', 200.00000000, 100.0200, 20004.0000, 10.0020, 0.0000, '2020-01-03 21:00:00+00', 11),
	('fabbed1e-b38e-5fb2-a469-126d2d08d9d2', '1fee852e-8bdf-5f81-8703-e6b1e298da35', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'IBM', 'BUY', 200.00000000, 100.0200, 20004.0000, 10.0020, 0.0000, '2020-01-03 21:00:00+00', 12),
	('2ddb79d9-cca6-502f-9be6-fd05e2cf46be', '174e0f0a-356c-5f83-a258-c503cb1adb06', 'default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', 'MSFT', 'BUY', 200.00000000, 100.0200, 20004.0000, 10.0020, 0.0000, '2020-01-03 21:00:00+00', 13);

INSERT INTO public.trading_signals VALUES
	('ee803ab2-e9e1-590d-8e0f-98636d34ddd4', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', '1d', '2006-03-01 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.512489+00'),
	('ed89408c-44d4-5201-9b4d-00e86fd53ff6', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', '1d', '2006-03-02 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.514927+00'),
	('8c77ce7a-fb18-5399-afe7-57d8418662f9', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'AAPL', '1d', '2006-03-03 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.515457+00'),
	('5ada45fa-061a-5d86-a7a7-c57418ae1295', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', '1d', '2006-03-01 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.515881+00'),
	('5f6fc8a0-ca05-5e37-8ac4-eaf03b6defe4', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', '1d', '2006-03-02 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.516191+00'),
	('22066d5c-dff7-5d0e-9cfb-9354821ed498', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'GOOG', '1d', '2006-03-03 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.516566+00'),
	('8a0fdedd-94f6-5cd6-8c8e-817c638c5960', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', '1d', '2006-03-01 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.516795+00'),
	('8798e9fc-9717-5b1b-bb7e-d8c092160509', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', '1d', '2006-03-02 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.516988+00'),
	('1d726bf2-8519-54c3-8f77-c1770a932296', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'IBM', '1d', '2006-03-03 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.517172+00'),
	('07cfcf33-e2f0-5418-b055-64155fa0b27a', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', '1d', '2006-03-01 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.517341+00'),
	('83a49a12-6b93-56da-992f-dc9ef6310fc2', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', '1d', '2006-03-02 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.517511+00'),
	('dda5981f-f52d-5c26-a35b-aaf12c296aac', 'default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', 'MSFT', '1d', '2006-03-03 21:00:00+00', 'HOLD', NULL, NULL, 'SMACross-1', 'no crossing', '2026-11-22 18:42:04.517676+00');

INSERT INTO public.watermarks VALUES
	('trading-service.default.sma-cross.f431040d-b896-5a7a-ab6f-2a8c7f9c8b36', '2006-05-04 20:00:00+00'),
	('ingestion.sma-cross', '2006-03-16 21:00:00+00'),
	('trading-service.default.halted.4e2efc83-2975-5147-a0ca-e8231eb6a3bd', '2020-01-04 21:00:00+00');

SELECT pg_catalog.setval('public.commands_received_seq', 6, true);

SELECT pg_catalog.setval('public.outbox_outbox_id_seq', 2, true);

SELECT pg_catalog.setval('public.trades_fill_number_seq', 13, true);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (strategy_id);

ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_pkey PRIMARY KEY (strategy_id, symbol, "interval", close_time);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_pkey PRIMARY KEY (client_order_id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_received_key UNIQUE (received);

ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (owner);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (strategy_id, instant, symbol, kind);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_signal_id_key UNIQUE (signal_id);

ALTER TABLE ONLY public.instants
    ADD CONSTRAINT instants_pkey PRIMARY KEY (strategy_id, instant);

ALTER TABLE ONLY public.market_data
    ADD CONSTRAINT market_data_pkey PRIMARY KEY (source, symbol, "interval", close_time);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_pkey PRIMARY KEY (strategy_id, model_version);

ALTER TABLE ONLY public.offsets
    ADD CONSTRAINT offsets_pkey PRIMARY KEY (consumer_group, broker, topic, partition);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (client_order_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_signal_id_key UNIQUE (signal_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id);

ALTER TABLE ONLY public.portfolio_snapshots
    ADD CONSTRAINT portfolio_snapshots_pkey PRIMARY KEY (strategy_id, instant);

ALTER TABLE ONLY public.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (strategy_id, symbol);

ALTER TABLE ONLY public.relays
    ADD CONSTRAINT relays_pkey PRIMARY KEY (owner);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_pkey PRIMARY KEY (strategy_id);

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.trades
    ADD CONSTRAINT trades_pkey PRIMARY KEY (trade_id);

ALTER TABLE ONLY public.trading_signals
    ADD CONSTRAINT trading_signals_pkey PRIMARY KEY (signal_id);

ALTER TABLE ONLY public.trading_signals
    ADD CONSTRAINT trading_signals_strategy_id_symbol_interval_close_time_key UNIQUE (strategy_id, symbol, "interval", close_time);

ALTER TABLE ONLY public.watermarks
    ADD CONSTRAINT watermarks_pkey PRIMARY KEY (owner);

CREATE INDEX commands_waiting ON public.commands USING btree (strategy_id, received) WHERE (instant IS NULL);

CREATE INDEX orders_by_strategy ON public.orders USING btree (strategy_id, created_at);

CREATE UNIQUE INDEX orders_one_working ON public.orders USING btree (strategy_id, symbol) WHERE (status = ANY (ARRAY['SUBMITTED'::text, 'ACCEPTED'::text, 'TRIGGERED'::text, 'PENDING_UPDATE'::text, 'PENDING_CANCEL'::text, 'PARTIALLY_FILLED'::text]));

CREATE INDEX outbox_by_instant ON public.outbox USING btree (owner, instant);

CREATE INDEX outbox_waiting ON public.outbox USING btree (owner, outbox_id) WHERE (published_at IS NULL);

CREATE INDEX trades_by_order ON public.trades USING btree (client_order_id);

CREATE INDEX trades_by_strategy ON public.trades USING btree (strategy_id, fill_number);

CREATE TRIGGER trigger_update_portfolio_value AFTER INSERT OR UPDATE OF quantity, mark ON public.positions FOR EACH ROW EXECUTE FUNCTION public.add_to_portfolio_value();

CREATE TRIGGER trigger_validate_order BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.validate_order();

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_client_order_id_fkey FOREIGN KEY (client_order_id) REFERENCES public.orders(client_order_id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_strategy_id_instant_fkey FOREIGN KEY (strategy_id, instant) REFERENCES public.instants(strategy_id, instant);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.instants
    ADD CONSTRAINT instants_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES public.inbox(signal_id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.account(strategy_id);

ALTER TABLE ONLY public.portfolio_snapshots
    ADD CONSTRAINT portfolio_snapshots_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.account(strategy_id);

ALTER TABLE ONLY public.positions
    ADD CONSTRAINT positions_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.account(strategy_id);

ALTER TABLE ONLY public.trades
    ADD CONSTRAINT trades_client_order_id_fkey FOREIGN KEY (client_order_id) REFERENCES public.orders(client_order_id);

ALTER TABLE ONLY public.trades
    ADD CONSTRAINT trades_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.account(strategy_id);

ALTER TABLE ONLY public.trading_signals
    ADD CONSTRAINT trading_signals_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategies(strategy_id);
