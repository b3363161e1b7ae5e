-- Fees of an order as a whole, slippage in ticks, trailing stops, and a pause after a stop.
DROP FUNCTION IF EXISTS update_portfolio_value(text, timestamptz, text[], numeric[]);
DROP FUNCTION IF EXISTS book_instant(
    text, bigint, timestamptz, integer, text, text[], text[], text[], bigint[], json, json, json, json, bigint[]
);

ALTER TABLE strategies
    ADD slippage_points numeric(20, 4) NOT NULL DEFAULT 0 CHECK (slippage_points >= 0),
    ADD fee_per_unit numeric(20, 4) NOT NULL DEFAULT 0 CHECK (fee_per_unit >= 0),
    ADD fee_per_order numeric(20, 4) NOT NULL DEFAULT 0 CHECK (fee_per_order >= 0),
    ADD min_fee numeric(20, 4) NOT NULL DEFAULT 0 CHECK (min_fee >= 0),
    ADD cool_down interval NOT NULL DEFAULT '0' CHECK (cool_down >= '0');
COMMENT ON COLUMN strategies.slippage_points IS 'By how much of the currency a price is worse, on top of the rate.';
COMMENT ON COLUMN strategies.cool_down IS 'How long after a stop nothing of the symbol is bought, in bar time.';

ALTER TABLE account
    ADD may_overdraw boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT account_cash_check,
    DROP CONSTRAINT account_check,
    ADD CONSTRAINT account_cash_check CHECK (may_overdraw OR (cash >= 0 AND reserved <= cash));
COMMENT ON COLUMN account.may_overdraw IS 'Whether a sale may cost more in fees than it brings in.';

ALTER TABLE positions
    ADD peak numeric(20, 4) CHECK (peak > 0),
    ADD stopped_at timestamptz,
    ADD CONSTRAINT positions_peak CHECK (quantity > 0 OR peak IS NULL);
COMMENT ON COLUMN positions.peak IS 'The highest price since the position was opened, where the strategy has a trailing stop.';
COMMENT ON COLUMN positions.stopped_at IS 'The instant of the last stop.';

ALTER TABLE orders
    DROP CONSTRAINT orders_origin_check,
    ADD CONSTRAINT orders_origin_check CHECK (
        origin IN ('SIGNAL', 'COMMAND', 'STOP_LOSS', 'TAKE_PROFIT', 'TRAILING_STOP')
    );
