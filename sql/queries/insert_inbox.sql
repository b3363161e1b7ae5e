-- Late is what comes after its instant was decided. A second copy changes nothing. Numbers are integers in their
-- scales. Returns how many rows are new and in time.
WITH journaled AS (
    INSERT INTO inbox (
        strategy_id, instant, symbol, kind, open, high, low, close, volume, signal_id, side, numerator, denominator,
        amount, late
    )
    SELECT %(strategy_id)s, r.instant, r.symbol, r.kind, r.open * 0.0001, r.high * 0.0001, r.low * 0.0001,
        r.close * 0.0001, r.volume * 0.00000001, r.signal_id, r.side, r.numerator, r.denominator, r.amount * 0.0001,
        r.instant <= coalesce((SELECT instant FROM watermarks WHERE owner = %(owner)s), '-infinity')
    FROM json_to_recordset(%(rows)s) AS r (
        instant timestamptz, symbol text, kind text, open bigint, high bigint, low bigint, close bigint, volume bigint,
        signal_id uuid, side text, numerator integer, denominator integer, amount bigint
    )
    ON CONFLICT DO NOTHING
    RETURNING late
)
SELECT count(*) FILTER (WHERE NOT late) FROM journaled
