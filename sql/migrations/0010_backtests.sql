-- Backtests that were asked for over HTTP.
CREATE TABLE backtests (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('BACKTEST', 'SWEEP', 'WALK_FORWARD')),
    manifest jsonb NOT NULL CHECK (jsonb_typeof(manifest) = 'object'),
    state text NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
    attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    lost smallint NOT NULL DEFAULT 0 CHECK (lost BETWEEN 0 AND 1),
    done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
    total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
    document json,
    error text CHECK (error <> ''),
    traceback text,
    key text UNIQUE CHECK (length(key) BETWEEN 1 AND 128),
    fingerprint text,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT backtests_progress CHECK (done <= total),
    CONSTRAINT backtests_lost CHECK (lost < attempt),
    CONSTRAINT backtests_document CHECK ((document IS NOT NULL) = (state = 'SUCCEEDED')),
    CONSTRAINT backtests_error CHECK ((error IS NOT NULL) = (state = 'FAILED')),
    CONSTRAINT backtests_traceback CHECK (traceback IS NULL OR error IS NOT NULL),
    CONSTRAINT backtests_key CHECK ((key IS NULL) = (fingerprint IS NULL)),
    CONSTRAINT backtests_started CHECK (
        CASE state WHEN 'QUEUED' THEN started_at IS NULL WHEN 'CANCELED' THEN true ELSE started_at IS NOT NULL END
    ),
    CONSTRAINT backtests_finished CHECK ((finished_at IS NOT NULL) = (state IN ('SUCCEEDED', 'FAILED', 'CANCELED'))),
    CONSTRAINT backtests_times CHECK (started_at >= requested_at AND finished_at >= coalesce(started_at, requested_at))
);
CREATE INDEX backtests_newest ON backtests (requested_at DESC, id DESC);
CREATE INDEX backtests_newest_of_state ON backtests (state, requested_at DESC, id DESC);
COMMENT ON COLUMN backtests.attempt IS 'Counts the times that it was queued; only the process that runs this one writes the row.';
COMMENT ON COLUMN backtests.lost IS 'How many times the service that ran it was lost: it is run again once.';
COMMENT ON COLUMN backtests.fingerprint IS 'Stands for what was asked under the key.';
