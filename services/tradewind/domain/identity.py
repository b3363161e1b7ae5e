"""Deterministic names: the same cause always gets the same id, so that nothing happens twice."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

TRADEWIND: Final = UUID("6f1d3c1e-6a0b-5d6e-9a53-0f2c5f2c7d11")
"""The namespace of ids that do not come from a strategy's own UID."""
_RECENT: Final = 8192
"""Names that are remembered: each is needed when its signal is received, decided, booked and filled."""


@dataclass(frozen=True, slots=True)
class StrategyId:
    """A strategy's identity. Groups, keys and ledger rows carry its text, `namespace.name.uid`."""

    namespace: str
    name: str
    uid: UUID

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}.{self.uid}"


def local_uid(namespace: str, name: str) -> UUID:
    """Return the UID of a resource that no API server has named, as on a laptop."""
    return uuid5(TRADEWIND, f"{namespace}/{name}")


@lru_cache(maxsize=_RECENT)
def signal_id(uid: UUID, symbol: str, interval: str, close_time: datetime) -> UUID:
    """Return the id of the one signal that a strategy can give for a bar."""
    return uuid5(uid, f"{symbol}|{interval}|{close_time.isoformat()}")


@lru_cache(maxsize=_RECENT)
def signal_order_id(signal: UUID) -> UUID:
    """Return the client_order_id of the one order that a signal can make."""
    return uuid5(signal, "order")


def exit_order_id(uid: UUID, symbol: str, interval: str, close_time: datetime) -> UUID:
    """Return the client_order_id of the one exit that a bar can trigger for a symbol."""
    return uuid5(uid, f"{symbol}|{interval}|{close_time.isoformat()}|exit")


def trade_id(client_order_id: UUID, fill: int) -> UUID:
    """Return the id of an order's n-th fill, counted from 1."""
    return uuid5(client_order_id, f"fill|{fill}")


def action_id(uid: UUID, kind: str, symbol: str, interval: str, close_time: datetime) -> UUID:
    """Return the id under which a strategy's ledger posts a corporate action: SPLIT or DIVIDEND, before that bar."""
    return uuid5(uid, f"{symbol}|{interval}|{close_time.isoformat()}|{kind}")
