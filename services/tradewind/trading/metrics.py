"""What the trading service counts and measures; docs/metrics.md says what each metric means."""

from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tradewind.runtime.metrics import SECONDS
from tradewind.store import desk
from tradewind.store.database import DATABASE_AWAY, Pool
from tradewind.store.journal import frozen
from tradewind.store.rows import Row

log = structlog.get_logger(__name__)
ORDER_EVENTS = Counter("tradewind_order_events_total", "What happened to orders", ["status", "origin", "reason"])
INSTANTS = Counter("tradewind_instants_decided_total", "Instants decided")
DECIDE_SECONDS = Histogram(
    "tradewind_decide_seconds", "Time of one transaction that decided something", buckets=SECONDS
)
EPOCH = Gauge("tradewind_epoch", "The writer's epoch")
# A fill waits for the next bar, which may be a day or a weekend away.
_WAITS: Final = (*SECONDS, 60.0, 300.0, 3600.0, 21_600.0, 86_400.0, 345_600.0)
SIGNAL_TO_ORDER = Histogram(
    "tradewind_signal_to_order_seconds",
    "From the journaling of a signal to the commit that decided its order",
    buckets=_WAITS,
)
SIGNAL_TO_FILL = Histogram(
    "tradewind_signal_to_fill_seconds",
    "From the journaling of a signal to the commit that booked its order's first fill",
    buckets=_WAITS,
)
_STATES: Final = ("ACTIVE", "REDUCING", "HALTED")
_PATIENCE: Final = 2.0
_MONEY: Final = (
    ("equity", "tradewind_equity_money", "Equity at the last instant's marks"),
    ("cash", "tradewind_cash_money", "Cash, reserved or not"),
    ("reserved", "tradewind_reserved_money", "Cash kept for orders that work"),
)
_RATIOS: Final = (
    ("exposure", "tradewind_exposure_ratio", "The positions' value, a share of the equity"),
    ("drawdown", "tradewind_drawdown_ratio", "The fall of equity from its peak, a share of the peak; not positive"),
    ("max_drawdown", "tradewind_max_drawdown_ratio", "The deepest such fall so far; not positive"),
)


class AccountMetrics(Collector):
    """Reads the account from the ledger whenever metrics are asked for: true also in a process that decides nothing.

    While the database does not answer, its metrics have no samples.
    """

    def __init__(self, pool: Pool, strategy_id: str) -> None:
        self._pool = pool
        self._strategy_id = strategy_id

    def describe(self) -> Iterable[Metric]:
        """Return the metrics without samples."""
        return _families({}, [])

    def collect(self) -> Iterator[Metric]:
        """Return the metrics as the ledger has them now."""
        try:
            row, sides = self._read()
        except DATABASE_AWAY as error:
            log.warning("the account's metrics can't be read", error=str(error))
            row, sides = {}, []
        yield from _families(row, sides)

    def _read(self) -> tuple[Row, list[Row]]:
        with self._pool.connection(timeout=_PATIENCE) as connection, frozen(connection):
            account = desk.read_account(connection, self._strategy_id)
            stats = desk.read_portfolio_stats(connection, self._strategy_id)
            risk = desk.read_risk(connection, self._strategy_id)
            sides = desk.read_trading_state(connection, self._strategy_id)
        exposure = float(account["portfolio_value"]) / float(account["equity"]) if float(account["equity"]) else 0.0
        return {**stats, **account, **risk, "exposure": exposure}, sides


def _families(row: Row, sides: list[Row]) -> Iterator[Metric]:
    for key, name, text in _MONEY:
        money = GaugeMetricFamily(name, f"{text}, in the account's currency", labels=["currency"])
        if row:
            money.add_metric([row["currency"]], float(row[key]))
        yield money
    for key, name, text in _RATIOS:
        ratio = GaugeMetricFamily(name, text)
        if row:
            ratio.add_metric([], float(row[key]))
        yield ratio
    held = GaugeMetricFamily("tradewind_open_positions", "Symbols that are held")
    if row:
        held.add_metric([], row["open_positions"])
    yield held
    state = GaugeMetricFamily(
        "tradewind_trading_state",
        "1 for the trading state of each side, and of the one in force",
        labels=["side", "state"],
    )
    for side, its in [*((r["side"], r["state"]) for r in sides), *(("EFFECTIVE", r["effective"]) for r in sides[:1])]:
        for one in _STATES:
            state.add_metric([side, one], float(one == its))
    yield state
