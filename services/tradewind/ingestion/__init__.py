"""Ingestion: sources -> normalise -> store -> market_data."""
