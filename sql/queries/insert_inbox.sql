-- Late is what comes after its instant was decided. A second copy changes nothing.
INSERT INTO inbox (strategy_id, instant, symbol, kind, open, high, low, close, signal_id, side, late)
VALUES (
    %(strategy_id)s, %(instant)s, %(symbol)s, %(kind)s, %(open)s, %(high)s, %(low)s, %(close)s, %(signal_id)s, %(side)s,
    EXISTS (
        SELECT FROM watermarks WHERE owner = %(owner)s AND instant >= %(instant)s
    )
)
ON CONFLICT DO NOTHING
