-- Sizing by a volatility to aim at, and by a part of Kelly's share.
DROP FUNCTION IF EXISTS book_instant(
    text, bigint, timestamptz, integer, text, text[], text[], text[], bigint[], json, json, json, json, bigint[],
    bigint[]
);

ALTER TABLE strategies ADD counts_trades boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN strategies.counts_trades IS 'Whether its closed trades are counted: Kelly''s share is made of them.';

ALTER TABLE account
    ADD wins bigint NOT NULL DEFAULT 0 CHECK (wins >= 0),
    ADD losses bigint NOT NULL DEFAULT 0 CHECK (losses >= 0),
    ADD gained numeric(20, 4) NOT NULL DEFAULT 0 CHECK (gained >= 0),
    ADD lost numeric(20, 4) NOT NULL DEFAULT 0 CHECK (lost >= 0);
COMMENT ON COLUMN account.wins IS 'Closed trades that earned something net of fees, where the strategy counts them.';
COMMENT ON COLUMN account.gained IS 'What the wins earned in all; lost is what the losses cost.';

ALTER TABLE positions ADD earned numeric(20, 4);
COMMENT ON COLUMN positions.earned IS 'What the open trade has earned net of fees, where the strategy counts trades.';

CREATE TABLE volatilities (
    strategy_id text NOT NULL REFERENCES account,
    symbol text NOT NULL,
    close numeric(20, 4) NOT NULL CHECK (close > 0),
    variance numeric(20, 16) NOT NULL CHECK (variance >= 0),
    returns smallint NOT NULL CHECK (returns >= 0),
    PRIMARY KEY (strategy_id, symbol)
);
COMMENT ON TABLE volatilities IS 'How much closes move, for strategies that aim at a volatility; as the rule book has it.';
COMMENT ON COLUMN volatilities.close IS 'The last one, as splits since have left it.';
COMMENT ON COLUMN volatilities.returns IS 'How many the variance is made of; it counts no further than the warm-up.';
