"""A desk on a paper broker and a market of one symbol, for the suite that every broker has to pass."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from tradewind.domain.identity import signal_id
from tradewind.domain.money import PRICE_SCALE, QUANTITY_SCALE, to_units
from tradewind.domain.orders import Side
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection
from tradewind.store.desk import Command, read_order, request_cancel, request_order
from tradewind.store.inbox import InboxRow, insert_inbox
from tradewind.store.strategies import register_strategy
from tradewind.trading.brokers.paper import PaperBroker
from tradewind.trading.decide import Decider

SYMBOL = "IBM"
START = datetime(2020, 1, 2, 21, tzinfo=UTC)


def strategy(max_participation: str | None = None) -> TradingStrategy:
    """A strategy without fees or slippage, so that prices can be read off."""
    broker = {"type": "Paper", "fee": "0%", "slippage": "0%"}
    if max_participation is not None:
        broker["maxParticipation"] = max_participation
    replay = {"from": "2019-01-01", "tradeFrom": "2020-01-01", "to": "2021-01-01"}
    return TradingStrategy.model_validate(
        {
            "apiVersion": "tradewind.dev/v1alpha1",
            "kind": "TradingStrategy",
            "metadata": {"name": f"market-{uuid4().hex}"},
            "spec": {
                "symbols": [SYMBOL],
                "feed": {"source": "Replay", "interval": "1d", "replay": replay},
                "signal": {"model": "SMACross"},
                "account": {"initialCash": "100000"},
                "broker": broker,
            },
        }
    )


class PaperMarket:
    """Orders go in as a person gives them, bars as a feed would; `restart` loses everything but the ledger."""

    def __init__(self, connection: Connection, max_participation: str | None = None) -> None:
        self.connection = connection
        self.strategy = strategy(max_participation)
        self.strategy_id = str(self.strategy.id)
        self._owner = trading_owner(self.strategy_id)
        self._day = 0
        register_strategy(connection, self.strategy, plan_strategy(self.strategy))
        self.restart()
        self.bar("100", "100", "100", "100")

    def restart(self) -> None:
        """Go on with another process's memory: none."""
        self._decider = Decider(self.strategy, self._owner, PaperBroker())
        self._decider.restore(self.connection)
        self._decider.broker.submit(self._decider.working())

    def order(self, side: Side, quantity: str, stop: str = "0", target: str = "0") -> UUID:
        """Give an order and let an instant accept it, at an unchanged price of 100."""
        command = Command(
            uuid4(),
            SYMBOL,
            side,
            to_units(quantity, QUANTITY_SCALE),
            to_units(stop, PRICE_SCALE),
            to_units(target, PRICE_SCALE),
        )
        request_order(self.connection, self.strategy_id, command)
        self.bar("100", "100", "100", "100")
        return command.client_order_id

    def cancel(self, order: UUID) -> str | None:
        """Ask for an order's end."""
        return request_cancel(self.connection, self.strategy_id, order)

    def bar(self, open_: str, high: str, low: str, close: str, volume: str = "1000000", times: int = 1) -> None:
        """Let a bar pass; `times` more than one delivers it again."""
        at = START + timedelta(days=self._day)
        self._day += 1
        o, h, low_, c = (to_units(price, PRICE_SCALE) for price in (open_, high, low, close))
        rows = [
            InboxRow(at, SYMBOL, "BAR", o, h, low_, c, to_units(volume, QUANTITY_SCALE)),
            InboxRow(at, SYMBOL, "SIGNAL", signal_id=signal_id(self.strategy.id.uid, SYMBOL, "1d", at), side=Side.HOLD),
        ]
        for _ in range(times):
            insert_inbox(self.connection, self.strategy_id, self._owner, rows)
            with self.connection.transaction():
                self._decider.decide(self.connection, 1)

    def read(self, order: UUID) -> dict[str, Any]:
        """Return an order as the ledger has it."""
        found = read_order(self.connection, self.strategy_id, order)
        assert found is not None
        return found

    def fills(self) -> list[tuple[str, Decimal, Decimal]]:
        """Return side, quantity and price of every fill, in order."""
        rows = self.connection.execute(
            "SELECT side, last_qty, last_px FROM trades WHERE strategy_id = %s ORDER BY fill_number", [self.strategy_id]
        )
        return [(side, quantity.normalize(), price.normalize()) for side, quantity, price in rows]

    def held(self) -> Decimal:
        """Return the position."""
        row = self.connection.execute(
            "SELECT sum(quantity) FROM positions WHERE strategy_id = %s", [self.strategy_id]
        ).fetchone()
        return Decimal(0) if row is None or row[0] is None else row[0].normalize()

    def account(self) -> tuple[Decimal, Decimal]:
        """Return cash and reserve."""
        row = self.connection.execute(
            "SELECT cash, reserved FROM account WHERE strategy_id = %s", [self.strategy_id]
        ).fetchone()
        assert row is not None
        return row
