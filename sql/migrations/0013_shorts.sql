-- Short positions and what borrowing their shares costs.
ALTER TABLE strategies
    ADD allow_short boolean NOT NULL DEFAULT false,
    ADD borrow_rate numeric(18, 8) NOT NULL DEFAULT 0 CHECK (borrow_rate >= 0);
COMMENT ON COLUMN strategies.allow_short IS 'Whether a sale may open a position.';
COMMENT ON COLUMN strategies.borrow_rate IS 'What a short costs in a year of 365 days, a share of its marked value.';

ALTER TABLE account
    ADD margin numeric(20, 4) NOT NULL DEFAULT 0 CHECK (margin >= 0),
    DROP CONSTRAINT account_cash_check,
    ADD CONSTRAINT account_cash_check CHECK (may_overdraw OR (cash >= 0 AND reserved + margin <= cash));
COMMENT ON COLUMN account.margin IS 'What shorts hold of the cash: twice their cost.';
COMMENT ON COLUMN account.may_overdraw IS 'Whether fees or a short may cost more than there is.';

ALTER TABLE positions
    ADD may_be_short boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT positions_quantity_check,
    DROP CONSTRAINT positions_cost_check,
    DROP CONSTRAINT positions_check,
    DROP CONSTRAINT positions_bracket,
    DROP CONSTRAINT positions_peak,
    ADD CONSTRAINT positions_quantity_check CHECK (quantity >= 0 OR may_be_short),
    ADD CONSTRAINT positions_cost_check CHECK (cost = 0 OR sign(cost) = sign(quantity)),
    ADD CONSTRAINT positions_bracket CHECK (quantity <> 0 OR (stop_price IS NULL AND target_price IS NULL)),
    ADD CONSTRAINT positions_peak CHECK (quantity <> 0 OR peak IS NULL);
COMMENT ON COLUMN positions.quantity IS 'Negative where the position is short, as its cost is.';
COMMENT ON COLUMN positions.peak IS 'The best price since the position was opened, where the strategy has a trailing stop.';

-- A sale may open a position, and then has a bracket.
ALTER TABLE orders
    DROP CONSTRAINT orders_bracket,
    DROP CONSTRAINT orders_bracket_order,
    ADD CONSTRAINT orders_bracket_order CHECK (
        CASE side WHEN 'BUY' THEN stop_price < target_price ELSE stop_price > target_price END
    );
