"""Settings of the backtest service."""

from pathlib import Path

from pydantic import Field

from tradewind.runtime.settings import ServiceSettings


class BacktestSettings(ServiceSettings):
    """What every service has, and where compiled code is kept."""

    compile_cache: Path | None = Field(
        default=None,
        description="Folder for compiled code; `compiled` in the data folder when left out. Where it can't be written, "
        "each start compiles afresh.",
    )

    @property
    def compile_cache_base(self) -> Path:
        """The folder that holds compiled code, by the hash of its sources."""
        return self.compile_cache or self.data_dir / "compiled"
