"""The operator: TradingStrategies and Backtests in a cluster, kept running as their Plans say."""
