INSERT INTO models (strategy_id, model_version, trained_through, data_fingerprint, artifact, parameters, metrics)
VALUES (
    %(strategy_id)s, %(model_version)s, %(trained_through)s, %(data_fingerprint)s, %(artifact)s, %(parameters)s,
    %(metrics)s
)
ON CONFLICT (strategy_id, model_version) DO NOTHING
