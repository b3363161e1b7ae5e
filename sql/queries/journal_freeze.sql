-- What is read after this in the transaction is of one moment, while the desk trades on. It holds no lock that a
-- decision waits for, so its reader may think for a minute between two questions; one that is stopped for longer must
-- not hold back vacuum and upkeep.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; -- noqa: PRS
-- Before the first query, which says which moment: rows that move to another partition after it would be seen nowhere.
LOCK TABLE market_data, portfolio_snapshots IN ACCESS SHARE MODE;
SET LOCAL idle_in_transaction_session_timeout = '60s'
