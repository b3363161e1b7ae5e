"""Settings of the backtest service."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, field_validator

from tradewind.runtime.settings import ServiceSettings


class BacktestSettings(ServiceSettings):
    """What every service has, where compiled code is kept, and how much work is taken on."""

    compile_cache: Path | None = Field(
        default=None,
        description="Folder for compiled code; `compiled` in the data folder when left out. Where it can't be written, "
        "each start compiles afresh.",
    )

    small_backtest: int = Field(
        default=50_000, ge=0, description="A plain backtest of at most so many bars, of all symbols, is run at once."
    )
    backtest_processes: int = Field(
        default=1, ge=1, le=64, description="How many queued backtests this service runs at once, each in a process."
    )
    max_queued: int = Field(
        default=100, ge=1, description="How many backtests may wait, of all services; one more is refused with 429."
    )
    lost_seconds: float = Field(
        default=30.0,
        ge=1,
        description="A service that was silent for so long is lost; what it ran is run again by another, once.",
    )
    keep_backtests: timedelta = Field(
        default=timedelta(days=90),
        description="Backtests that ended earlier than this ago are deleted, such as P90D; a day at least, and 0 keeps "
        "all. They are shared, so the shortest of any service of the database counts.",
    )

    @field_validator("keep_backtests", mode="before")
    @classmethod
    def _read_nothing(cls, keep: object) -> object:
        return timedelta(0) if keep == "0" else keep

    @field_validator("keep_backtests")
    @classmethod
    def _check_keep(cls, keep: timedelta) -> timedelta:
        if keep != timedelta(0) and keep < timedelta(days=1):
            raise ValueError("backtests are kept for a day at least (P1D), or for ever (0)")
        return keep

    @property
    def compile_cache_base(self) -> Path:
        """The folder that holds compiled code, by the hash of its sources."""
        return self.compile_cache or self.data_dir / "compiled"
