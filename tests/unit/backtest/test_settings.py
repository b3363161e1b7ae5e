"""Settings of the backtest service that can be wrong."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from tradewind.backtest.settings import BacktestSettings

NEEDED = {
    "MANIFEST": "a.yaml",
    "STRATEGY_ID": "default.a.1",
    "FEED_ID": "feed",
    "DATABASE_URL": "postgresql://nowhere/nothing",
    "KAFKA_BOOTSTRAP_SERVERS": "localhost:1",
    "DATA_DIR": "data",
    "PORT": "8003",
}


def settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> BacktestSettings:
    for name, value in {**NEEDED, **given}.items():
        monkeypatch.setenv(f"TRADEWIND_{name}", value)
    return BacktestSettings()


def test_backtests_are_kept_for_90_days_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch).keep_backtests == timedelta(days=90)
    assert settings(monkeypatch, KEEP_BACKTESTS="P7D").keep_backtests == timedelta(days=7)
    assert settings(monkeypatch, KEEP_BACKTESTS="0").keep_backtests == timedelta(0)
    assert settings(monkeypatch).compile_cache_base == Path("data/compiled")


@pytest.mark.parametrize("keep", ["PT5H", "-P1D"])
def test_less_than_a_day_is_refused(keep: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="kept for a day at least"):
        settings(monkeypatch, KEEP_BACKTESTS=keep)
