-- update_portfolio_value begins the periods as well: an instant updates the account once less.
DROP FUNCTION IF EXISTS open_periods(text, timestamptz, integer);
DROP FUNCTION IF EXISTS update_portfolio_value(text, timestamptz, text[], numeric[], numeric[]);
