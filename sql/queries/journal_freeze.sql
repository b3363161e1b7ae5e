-- What is read after this in the transaction is of one moment, while the desk trades on.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
