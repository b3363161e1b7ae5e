"""Lists of any length, page by page, newest first: orders, fills, signals, changes of the trading state."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta

from tradewind.domain.money import INT64_MAX
from tradewind.store.database import Connection
from tradewind.store.rows import Row, read_rows

_BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)

_Time = Annotated[datetime, Meta(tz=True)]
OrderPosition = tuple[Literal["created", "decided"], _Time, UUID]
"""By which time a list of orders runs, and the last order that was shown."""
TradePosition = tuple[_Time, Annotated[int, Meta(ge=0, le=INT64_MAX)]]
SignalPosition = tuple[_Time, Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]]
ChangePosition = Annotated[int, Meta(ge=0, le=INT64_MAX)]


@dataclass(frozen=True)
class Page:
    """One page of a list, and the position to go on from; None where nothing follows."""

    rows: list[Row]
    position: Any


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; None is any. A window is of the instants that decided them, both ends included."""

    status: str | None = None
    symbol: str | None = None
    side: str | None = None
    origin: str | None = None
    reason: str | None = None
    decided_from: datetime | None = None
    decided_to: datetime | None = None

    @property
    def by(self) -> Literal["created", "decided"]:
        """The time that the list runs by: within a window, that of the decisions."""
        return "created" if self.decided_from is None and self.decided_to is None else "decided"


@dataclass(frozen=True, slots=True)
class TradeFilter:
    """Which fills; None is any. A window is of their instants, both ends included."""

    symbol: str | None = None
    side: str | None = None
    client_order_id: UUID | None = None
    from_: datetime | None = None
    to: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """Which signals; None is any. A window is of their instants, both ends included."""

    symbol: str | None = None
    side: str | None = None
    late: bool | None = None
    from_: datetime | None = None
    to: datetime | None = None


class WrongPositionError(ValueError):
    """A position of a list that runs by another time."""

    def __init__(self, by: str, wanted: str) -> None:
        super().__init__(f"the list runs by {wanted} time, the position by {by} time")
        self.by = by
        self.wanted = wanted


def list_orders(
    connection: Connection, strategy_id: str, wanted: OrderFilter, limit: int, after: OrderPosition | None = None
) -> Page:
    """Return a page of orders, the newest first: by creation, within a window by the instants that decided them.

    Raises:
        WrongPositionError: `after` is of the list by the other time.
    """
    if after is not None and after[0] != wanted.by:
        raise WrongPositionError(after[0], wanted.by)
    fields = asdict(wanted)
    start, end = fields.pop("decided_from"), fields.pop("decided_to")
    before, before_id = min((_past(end), UUID(int=0)), after[1:] if after else (_END, UUID(int=0)))
    parameters = {"strategy_id": strategy_id, "before": before, "before_id": before_id, **fields}
    if wanted.by == "created":
        return _page(
            connection, "list_orders", parameters, limit, lambda r: ("created", r["created_at"], r["client_order_id"])
        )
    return _page(
        connection,
        "list_decided_orders",
        {**parameters, "from": start or _BEGINNING},
        limit,
        lambda r: ("decided", r["decided_at"], r["client_order_id"]),
    )


def list_trades(
    connection: Connection, strategy_id: str, wanted: TradeFilter, limit: int, after: TradePosition | None = None
) -> Page:
    """Return a page of fills, the newest first."""
    fields = asdict(wanted)
    start = fields.pop("from_") or _BEGINNING
    before, before_number = min((_past(fields.pop("to")), 0), after or (_END, 0))
    parameters = {
        "strategy_id": strategy_id, "before": before, "before_number": before_number, "from": start, **fields
    }  # fmt: skip
    page = _page(connection, "list_trades", parameters, limit, lambda r: (r["instant"], r["fill_number"]))
    for row in page.rows:
        del row["fill_number"]
    return page


def list_signals(
    connection: Connection, strategy_id: str, wanted: SignalFilter, limit: int, after: SignalPosition | None = None
) -> Page:
    """Return a page of the signals that the desk received, the newest first, with what became of them."""
    fields = asdict(wanted)
    start = fields.pop("from_") or _BEGINNING
    before, before_symbol = min((_past(fields.pop("to")), ""), after or (_END, ""))
    parameters = {
        "strategy_id": strategy_id, "before": before, "before_symbol": before_symbol, "from": start, **fields
    }  # fmt: skip
    return _page(connection, "list_signals", parameters, limit, lambda r: (r["instant"], r["symbol"]))


def list_state_changes(
    connection: Connection, strategy_id: str, side: str | None, limit: int, after: ChangePosition | None = None
) -> Page:
    """Return a page of the changes of the trading state, the newest first, of one side or of all."""
    parameters = {"strategy_id": strategy_id, "side": side, "before": INT64_MAX if after is None else after}
    return _page(connection, "list_state_changes", parameters, limit, lambda r: r["change_id"])


def _past(end: datetime | None) -> datetime:
    """Return the first time that the database can tell from a window's end and that lies past it."""
    return _END if end is None or end >= _END else end + timedelta(microseconds=1)


def _page(
    connection: Connection, name: str, parameters: dict[str, Any], limit: int, position: Callable[[Row], Any]
) -> Page:
    # Planned for its filters each time: a plan for all of them would read what an index passes over.
    rows = read_rows(connection, name, {**parameters, "limit": limit + 1}, prepare=False)
    shown = rows[:limit]
    return Page(shown, position(shown[-1]) if len(rows) > limit else None)
