"""The client_order_ids of a desk's orders, made from their causes; a person's order brings its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tradewind.domain.identity import exit_order_id, signal_id, signal_order_id
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, to_order_event


class OrderNames:
    """Names the orders of event rows, and remembers each symbol's last order that was put to work."""

    def __init__(self, uid: UUID, interval: str, symbols: Sequence[str]) -> None:
        self._uid = uid
        self._interval = interval
        self._symbols = symbols
        self.working: dict[str, UUID] = {}

    def to_event(self, row: Sequence[int], now: datetime, commands: Mapping[str, UUID]) -> OrderEvent:
        """Return an event row in the terms that people handle; `commands` are the persons' orders decided now."""

        def name_order(origin: Origin, symbol: str, decided: datetime) -> UUID:
            if origin is Origin.COMMAND:
                return commands[symbol] if decided == now and symbol in commands else self.working[symbol]
            if origin is Origin.SIGNAL:
                return signal_order_id(signal_id(self._uid, symbol, self._interval, decided))
            return exit_order_id(self._uid, symbol, self._interval, decided)

        event = to_order_event(row, self._symbols, name_order)
        if event.kind is OrderStatus.ACCEPTED:
            self.working[event.symbol] = event.client_order_id
        return event
