-- The checks before an order is accepted, as domain.rules.checks.check_order, and the legal moves between statuses,
-- as domain.orders.MOVES. An order that asks for ACCEPTED and fails a check becomes DENIED, with code and numbers; one
-- that passes reserves its cash at once, so that the next order's check knows.
CREATE OR REPLACE FUNCTION validate_order() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    books record;
    held_cost numeric;
    held_value numeric;
    opening numeric;
    notional numeric;
    slipped numeric;
    funding record;
BEGIN
    NEW.updated_at := clock_timestamp();
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT order_move_is_legal(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'order % is % and cannot become %', OLD.client_order_id, OLD.status, NEW.status
            USING ERRCODE = 'TW005';
    END IF;
    IF NEW.status <> 'ACCEPTED' OR (TG_OP = 'UPDATE' AND OLD.status <> 'INITIALIZED') THEN
        RETURN NEW;
    END IF;

    -- Whoever decides has locked the account before: what is read with it is of the same moment.
    SELECT a.person_state, a.automatic_halt, a.orders_in_minute, a.session_equity, a.marked_equity,
        a.cash - a.reserved - a.margin AS free,
        s.trading_state, s.allow_short, s.slippage, s.slippage_points, s.fee_rate, s.fee_per_unit, s.fee_per_order,
        s.min_fee, s.max_daily_loss, s.orders_per_minute, s.cool_down, s.max_order_notional, s.max_position,
        s.max_concentration,
        coalesce(p.quantity, 0) AS held, p.cost, p.market_value, NEW.decided_at - p.stopped_at AS since_stop
    INTO STRICT books
    FROM account a
    JOIN strategies s ON s.strategy_id = NEW.strategy_id
    LEFT JOIN positions p ON p.strategy_id = NEW.strategy_id AND p.symbol = NEW.symbol
    WHERE a.strategy_id = NEW.strategy_id FOR NO KEY UPDATE OF a;
    opening := opening_part(books.held, NEW.side, NEW.quantity);

    IF 'HALTED' IN (books.trading_state, books.person_state)
        AND (NEW.origin = 'SIGNAL' OR (opening > 0 AND (NEW.side = 'BUY' OR books.allow_short))) THEN
        NEW.reason := 'TRADING_HALTED';
        NEW.reason_value := 0;
        NEW.reason_limit := 0;
    ELSIF opening > 0 THEN
        notional := mul_div(NEW.decision_px, opening, 1);
        slipped := mul_div(
            CASE
                WHEN NEW.limit_price IS NOT NULL THEN NEW.decision_px
                ELSE slipped_price(NEW.side, NEW.decision_px, books.slippage, books.slippage_points)
            END,
            NEW.quantity, 1
        );
        funding := funds(
            NEW.side, books.held, books.cost, NEW.quantity, slipped,
            fee_due(NEW.quantity, slipped, books.fee_rate, books.fee_per_unit, books.fee_per_order, books.min_fee)
        );
        -- What the opening part adds to.
        held_cost := CASE WHEN opening = NEW.quantity THEN abs(coalesce(books.cost, 0)) ELSE 0 END;
        held_value := CASE WHEN opening = NEW.quantity THEN abs(coalesce(books.market_value, 0)) ELSE 0 END;
        IF 'REDUCING' IN (books.trading_state, books.person_state) OR (NEW.side = 'SELL' AND NOT books.allow_short) THEN
            NEW.reason := 'REDUCE_ONLY_WOULD_INCREASE_POSITION';
            NEW.reason_value := NEW.quantity;
            NEW.reason_limit := NEW.quantity - opening;
        ELSIF books.automatic_halt = 'DAILY_LOSS_LIMIT_REACHED' THEN
            NEW.reason := 'DAILY_LOSS_LIMIT_REACHED';
            NEW.reason_value := books.session_equity - books.marked_equity;
            NEW.reason_limit := mul_div(books.session_equity, books.max_daily_loss, 1);
        ELSIF books.automatic_halt = 'RATE_LIMIT_EXCEEDED'
            OR (books.orders_per_minute > 0 AND books.orders_in_minute >= books.orders_per_minute) THEN
            NEW.reason := 'RATE_LIMIT_EXCEEDED';
            NEW.reason_value := books.orders_in_minute + 1;
            NEW.reason_limit := books.orders_per_minute;
        ELSIF books.since_stop < books.cool_down THEN
            NEW.reason := 'COOLDOWN_ACTIVE';
            NEW.reason_value := extract(epoch FROM books.since_stop);
            NEW.reason_limit := extract(epoch FROM books.cool_down);
        ELSIF books.max_order_notional > 0 AND notional > books.max_order_notional THEN
            NEW.reason := 'NOTIONAL_EXCEEDS_MAX_PER_ORDER';
            NEW.reason_value := notional;
            NEW.reason_limit := books.max_order_notional;
        ELSIF books.max_position > 0
            AND held_cost + notional > mul_div(books.marked_equity, books.max_position, 1) THEN
            NEW.reason := 'POSITION_EXCEEDS_MAXIMUM';
            NEW.reason_value := held_cost + notional;
            NEW.reason_limit := mul_div(books.marked_equity, books.max_position, 1);
        ELSIF books.max_concentration > 0
            AND held_value + notional > mul_div(books.marked_equity, books.max_concentration, 1) THEN
            NEW.reason := 'CONCENTRATION_EXCEEDS_MAXIMUM';
            NEW.reason_value := held_value + notional;
            NEW.reason_limit := mul_div(books.marked_equity, books.max_concentration, 1);
        ELSIF NOT (
            SELECT f.sufficient FROM check_available_funds(NEW.strategy_id, funding.need - funding.released) f
        ) THEN
            NEW.reason := 'NOTIONAL_EXCEEDS_FREE_BALANCE';
            NEW.reason_value := funding.need;
            NEW.reason_limit := books.free + funding.released;
        ELSE
            NEW.reserved := greatest(0, funding.need - funding.released);
        END IF;
    END IF;
    IF NEW.reason IS NOT NULL THEN
        NEW.status := 'DENIED';
        IF NEW.reason = 'RATE_LIMIT_EXCEEDED' THEN
            PERFORM halt_automatically(
                NEW.strategy_id, NEW.decided_at, NEW.reason,
                format('%s orders in a minute pass the limit of %s', trunc(NEW.reason_value), trunc(NEW.reason_limit))
            );
        END IF;
    ELSIF NEW.origin IN ('SIGNAL', 'COMMAND') THEN
        UPDATE account SET reserved = reserved + NEW.reserved, orders_in_minute = orders_in_minute + 1
        WHERE strategy_id = NEW.strategy_id;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION order_move_is_legal(was text, wanted text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT wanted = ANY (CASE was
        WHEN 'INITIALIZED' THEN ARRAY['DENIED', 'SUBMITTED', 'ACCEPTED', 'CANCELED']
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

CREATE OR REPLACE TRIGGER trigger_validate_order
BEFORE INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION validate_order();
