"""A paper desk for tests of its routes: instants are decided when the test says so, with no broker anywhere."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from tests.openapi import CheckedClient

from tradewind.domain.bars import Bar
from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.manifest.load import parse_resource
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.store.database import connect, open_pool
from tradewind.store.inbox import InboxRow, insert_inbox
from tradewind.store.market_data import insert_bars
from tradewind.store.roles import service_url
from tradewind.store.strategies import register_strategy
from tradewind.trading.api import add_routes
from tradewind.trading.decide import Decided, Decider

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"
START = datetime(2020, 1, 6, 21, tzinfo=UTC)
PRICE = 100_0000


def strategy_with(**spec: Any) -> TradingStrategy:
    """The example's strategy with parts of its spec replaced, by their names in the manifest."""
    document = yaml.safe_load(EXAMPLE.read_text())
    document["spec"].update(spec)
    strategy = parse_resource(document, EXAMPLE)
    assert isinstance(strategy, TradingStrategy)
    return strategy


class PaperDesk(AbstractContextManager["PaperDesk"]):
    """A registered strategy with its routes (`client`), whose instants come one day after another (`day`)."""

    def __init__(self, database_url: str, **spec: Any) -> None:
        self.strategy = strategy_with(**spec)
        self.strategy_id = str(self.strategy.id)
        self.owner = trading_owner(self.strategy_id)
        self.days = 0
        self._stack = ExitStack()
        self.connection = self._stack.enter_context(connect(database_url))
        register_strategy(self.connection, self.strategy, plan_strategy(self.strategy))
        first = [Bar(s, "1d", START - timedelta(days=1), *(PRICE,) * 4, 0) for s in self.strategy.spec.symbols]
        insert_bars(self.connection, "REPLAY", first)
        self._decider = Decider(self.strategy, self.owner)
        self.health = Health()
        app = create_app("trading", self.health)
        add_routes(app, self._stack.enter_context(open_pool(service_url(database_url, "trading"))), self.strategy)
        self.client = self._stack.enter_context(CheckedClient(app))

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def now(self) -> datetime:
        """The instant of the day that comes next."""
        return START + timedelta(days=self.days)

    def day(
        self,
        prices: Mapping[str, int] | None = None,
        signals: Mapping[str, Side] | None = None,
        missing: tuple[str, ...] = (),
        volume: int = 10**14,
    ) -> datetime:
        """Bring one day's flat bars and signals, let the desk decide it, and return its instant."""
        at = self.now
        rows = []
        for symbol in self.strategy.spec.symbols:
            if symbol in missing:
                rows.append(InboxRow(at, symbol, "MISSING"))
                continue
            price = (prices or {}).get(symbol, PRICE)
            rows += [self.bar(symbol, at, price, volume), self.signal(symbol, at, (signals or {}).get(symbol))]
        self.journal(*rows)
        self.decide()
        self.days += 1
        return at

    def bar(self, symbol: str, at: datetime, price: int = PRICE, volume: int = 10**14) -> InboxRow:
        """A bar that opens and closes at one price."""
        return InboxRow(at, symbol, "BAR", price, price, price, price, volume)

    def signal(self, symbol: str, at: datetime, side: Side | None = None) -> InboxRow:
        """A signal; HOLD where no side is given."""
        name = signal_id(self.strategy.id.uid, symbol, "1d", at)
        return InboxRow(at, symbol, "SIGNAL", signal_id=name, side=side or Side.HOLD)

    def journal(self, *rows: InboxRow) -> None:
        """Put rows in the inbox."""
        insert_inbox(self.connection, self.strategy_id, self.owner, rows)

    def decide(self) -> list[Decided]:
        """Decide what is complete, and return what was decided."""
        decided: list[Decided] = []
        while True:
            with self.connection.transaction():
                more = self._decider.decide(self.connection, epoch=1)
            if not more:
                return decided
            decided += more

    def order(self, **changes: Any) -> Any:
        """Give an order over HTTP and return it as it was taken."""
        answer = self.client.post("/orders", json=an_order(**changes))
        assert answer.status_code == 202, answer.text
        return answer.json()

    def read(self, order: Any) -> Any:
        """Return an order as it stands now."""
        return self.client.get(f"/orders/{order['client_order_id']}").json()


def an_order(**changes: Any) -> dict[str, Any]:
    """The body of a good order."""
    return {"symbol": "AAPL", "side": "BUY", "quantity": "10", "client_order_id": str(uuid4()), **changes}


def rows_of(desk: PaperDesk, table: str) -> int:
    row = desk.connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def pages(client: CheckedClient, path: str, rows: str, **params: Any) -> list[list[Any]]:
    found = []
    while True:
        answer = client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()[rows])
        if answer.json()["next"] is None:
            return found
        params["cursor"] = answer.json()["next"]
