"""The `tradewind` command: runs a manifest on one machine, without a cluster."""
