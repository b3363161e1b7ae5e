-- The writer may think for as long as it likes in mid-transaction: its heartbeat says that it lives.
SET idle_in_transaction_session_timeout = 0
