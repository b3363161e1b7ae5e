-- The views that analysts read lie in a schema of their own: its tables are all they see.
CREATE SCHEMA analytics;
COMMENT ON SCHEMA analytics IS 'Views for analysts, made again by each version: build nothing on them inside this database.';
