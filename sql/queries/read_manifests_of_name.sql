SELECT manifest FROM strategies
WHERE manifest -> 'metadata' ->> 'name' = %(name)s
    AND coalesce(manifest -> 'metadata' ->> 'namespace', 'default') = %(namespace)s
ORDER BY strategy_id
