-- A signal is journaled once and makes at most one order, whatever came twice.
SELECT 'journaled more than once' AS wrong, signal_id, count(*) AS times
FROM inbox WHERE kind = 'SIGNAL' GROUP BY signal_id HAVING count(*) > 1
UNION ALL
SELECT 'more than one order', signal_id, count(*)
FROM orders WHERE origin = 'SIGNAL' GROUP BY signal_id HAVING count(*) > 1
UNION ALL
SELECT 'an order without its signal', o.signal_id, 0
FROM orders o WHERE o.origin = 'SIGNAL' AND NOT EXISTS (SELECT FROM inbox i WHERE i.signal_id = o.signal_id)
