-- A broker that has forgotten everything: whatever some reader is not done with goes out again. A reader that has no
-- watermark yet is done with nothing.
UPDATE outbox SET published_at = NULL
WHERE owner = %(owner)s AND published_at IS NOT NULL AND instant IS NOT NULL
    AND instant > coalesce(
        (
            SELECT min(coalesce(w.instant, '-infinity'))
            FROM unnest(%(readers)s::text[]) AS r (owner) LEFT JOIN watermarks w ON w.owner = r.owner
        ),
        '-infinity'
    )
