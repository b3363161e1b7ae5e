SELECT model_version, trained_through, data_fingerprint, artifact, parameters, metrics
FROM models WHERE strategy_id = %(strategy_id)s
ORDER BY trained_through DESC, created_at DESC, model_version
LIMIT 1
