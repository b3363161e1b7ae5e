-- Stops a strategy's decisions and says why; the first reason stands.
CREATE OR REPLACE FUNCTION halt_trading(p_strategy_id text, p_reason text) RETURNS void
LANGUAGE sql AS $$
    UPDATE account SET trading_state = 'HALTED', halt_reason = p_reason
    WHERE strategy_id = p_strategy_id AND trading_state <> 'HALTED'
$$;
