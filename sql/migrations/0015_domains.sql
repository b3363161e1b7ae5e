-- What one column may hold is said by its type. PostgreSQL reads every check of a table anew for each statement that
-- writes to it, whatever the statement changes; a domain's check is read once in a session, and asked only for what is
-- written. A quarter of the database's time for an order was the reading of checks. What several columns say together
-- stays a check of the table.
--
-- A column becomes a domain without a check, which rewrites no table; the domains' checks then read each table.
CREATE DOMAIN order_side AS text;
CREATE DOMAIN signal_side AS text;
CREATE DOMAIN order_status AS text;
CREATE DOMAIN order_origin AS text;
CREATE DOMAIN inbox_kind AS text;
CREATE DOMAIN trading_state AS text;
CREATE DOMAIN halt_code AS text;
CREATE DOMAIN ledger_account AS text;
CREATE DOMAIN currency_code AS text;
CREATE DOMAIN positive_money AS numeric(20, 4);
CREATE DOMAIN unsigned_money AS numeric(20, 4);
CREATE DOMAIN positive_quantity AS numeric(28, 8);
CREATE DOMAIN unsigned_quantity AS numeric(28, 8);
CREATE DOMAIN positive_integer AS integer;
CREATE DOMAIN unsigned_integer AS integer;
CREATE DOMAIN unsigned_bigint AS bigint;
CREATE DOMAIN drawdown AS numeric(18, 8);

ALTER TABLE strategies
    DROP CONSTRAINT strategies_trading_state_check,
    ALTER trading_state TYPE trading_state;
ALTER TABLE trading_state_changes
    DROP CONSTRAINT trading_state_changes_state_check,
    ALTER state TYPE trading_state;
ALTER TABLE instants
    DROP CONSTRAINT instants_trading_state_check,
    ALTER trading_state TYPE trading_state;
ALTER TABLE account
    DROP CONSTRAINT account_currency_check,
    DROP CONSTRAINT account_initial_cash_check,
    DROP CONSTRAINT account_reserved_check,
    DROP CONSTRAINT account_fees_check,
    DROP CONSTRAINT account_margin_check,
    DROP CONSTRAINT account_gained_check,
    DROP CONSTRAINT account_lost_check,
    DROP CONSTRAINT account_wins_check,
    DROP CONSTRAINT account_losses_check,
    DROP CONSTRAINT account_orders_in_minute_check,
    DROP CONSTRAINT account_max_drawdown_check,
    DROP CONSTRAINT account_person_state_check,
    DROP CONSTRAINT account_automatic_halt_check,
    ALTER currency TYPE currency_code,
    ALTER initial_cash TYPE positive_money,
    ALTER reserved TYPE unsigned_money,
    ALTER fees TYPE unsigned_money,
    ALTER margin TYPE unsigned_money,
    ALTER gained TYPE unsigned_money,
    ALTER lost TYPE unsigned_money,
    ALTER wins TYPE unsigned_bigint,
    ALTER losses TYPE unsigned_bigint,
    ALTER orders_in_minute TYPE unsigned_integer,
    ALTER max_drawdown TYPE drawdown,
    ALTER person_state TYPE trading_state,
    ALTER automatic_halt TYPE halt_code;
ALTER TABLE positions
    DROP CONSTRAINT positions_stop_price_check,
    DROP CONSTRAINT positions_target_price_check,
    DROP CONSTRAINT positions_peak_check,
    ALTER stop_price TYPE positive_money,
    ALTER target_price TYPE positive_money,
    ALTER peak TYPE positive_money;
ALTER TABLE inbox
    DROP CONSTRAINT inbox_kind_check,
    DROP CONSTRAINT inbox_side_check,
    DROP CONSTRAINT inbox_volume_check,
    DROP CONSTRAINT inbox_amount_check,
    DROP CONSTRAINT inbox_numerator_check,
    DROP CONSTRAINT inbox_denominator_check,
    ALTER kind TYPE inbox_kind,
    ALTER side TYPE signal_side,
    ALTER volume TYPE unsigned_quantity,
    ALTER amount TYPE positive_money,
    ALTER numerator TYPE positive_integer,
    ALTER denominator TYPE positive_integer;
ALTER TABLE orders
    DROP CONSTRAINT orders_side_check,
    DROP CONSTRAINT orders_origin_check,
    DROP CONSTRAINT orders_status_check,
    DROP CONSTRAINT orders_quantity_check,
    DROP CONSTRAINT orders_filled_qty_check,
    DROP CONSTRAINT orders_decision_px_check,
    DROP CONSTRAINT orders_reserved_check,
    DROP CONSTRAINT orders_stop_price_check,
    DROP CONSTRAINT orders_target_price_check,
    DROP CONSTRAINT orders_limit_price_check,
    DROP CONSTRAINT orders_trigger_price_check,
    ALTER side TYPE order_side,
    ALTER origin TYPE order_origin,
    ALTER status TYPE order_status,
    ALTER quantity TYPE positive_quantity,
    ALTER filled_qty TYPE unsigned_quantity,
    ALTER decision_px TYPE positive_money,
    ALTER reserved TYPE unsigned_money,
    ALTER stop_price TYPE positive_money,
    ALTER target_price TYPE positive_money,
    ALTER limit_price TYPE positive_money,
    ALTER trigger_price TYPE positive_money;
ALTER TABLE trades
    DROP CONSTRAINT trades_side_check,
    DROP CONSTRAINT trades_last_qty_check,
    DROP CONSTRAINT trades_last_px_check,
    DROP CONSTRAINT trades_notional_check,
    DROP CONSTRAINT trades_fee_check,
    ALTER side TYPE order_side,
    ALTER last_qty TYPE positive_quantity,
    ALTER last_px TYPE positive_money,
    ALTER notional TYPE unsigned_money,
    ALTER fee TYPE unsigned_money;
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_ledger_account_check,
    ALTER ledger_account TYPE ledger_account;
ALTER TABLE offsets
    DROP CONSTRAINT offsets_partition_check,
    DROP CONSTRAINT offsets_next_offset_check,
    ALTER partition TYPE unsigned_integer,
    ALTER next_offset TYPE unsigned_bigint;

ALTER DOMAIN order_side ADD CHECK (value IN ('BUY', 'SELL'));
ALTER DOMAIN signal_side ADD CHECK (value IN ('BUY', 'SELL', 'HOLD'));
ALTER DOMAIN order_status ADD CHECK (value IN (
    'INITIALIZED', 'DENIED', 'SUBMITTED', 'ACCEPTED', 'REJECTED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL',
    'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED'
));
ALTER DOMAIN order_origin ADD CHECK (value IN ('SIGNAL', 'COMMAND', 'STOP_LOSS', 'TAKE_PROFIT', 'TRAILING_STOP'));
ALTER DOMAIN inbox_kind ADD CHECK (value IN ('BAR', 'MISSING', 'SIGNAL', 'SPLIT', 'DIVIDEND'));
ALTER DOMAIN trading_state ADD CHECK (value IN ('ACTIVE', 'REDUCING', 'HALTED'));
ALTER DOMAIN halt_code ADD CHECK (value IN ('DAILY_LOSS_LIMIT_REACHED', 'RATE_LIMIT_EXCEEDED'));
ALTER DOMAIN ledger_account ADD CHECK (
    value IN ('CASH', 'CAPITAL', 'POSITIONS', 'REALIZED_PNL', 'FEES', 'DIVIDENDS')
);
ALTER DOMAIN currency_code ADD CHECK (value ~ '^[A-Z]{3}$');
ALTER DOMAIN positive_money ADD CHECK (value > 0);
ALTER DOMAIN unsigned_money ADD CHECK (value >= 0);
ALTER DOMAIN positive_quantity ADD CHECK (value > 0);
ALTER DOMAIN unsigned_quantity ADD CHECK (value >= 0);
ALTER DOMAIN positive_integer ADD CHECK (value > 0);
ALTER DOMAIN unsigned_integer ADD CHECK (value >= 0);
ALTER DOMAIN unsigned_bigint ADD CHECK (value >= 0);
ALTER DOMAIN drawdown ADD CHECK (value <= 0);
