"""Tradewind: one manifest backtests, trades on a laptop and trades on Kubernetes."""

__version__ = "0.1.0"
