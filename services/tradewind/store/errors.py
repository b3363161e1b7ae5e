"""Errors of the store, typed."""

from typing import Final

import psycopg


class StoreError(Exception):
    """Base of the store's errors."""


class EpochOverError(StoreError):
    """Another writer has raised the epoch: this process may write no more."""

    def __init__(self, owner: str, epoch: int) -> None:
        super().__init__(f"epoch {epoch} of {owner} is over: another process has taken over")
        self.owner = owner
        self.epoch = epoch


WRITER_LOST: Final = (psycopg.OperationalError, EpochOverError)
"""The writer can't go on in this process: the connection, and with it the lock, is gone, or another has taken over."""


class StrategyChangedError(StoreError):
    """The ledger holds this strategy with another manifest."""

    def __init__(self, strategy_id: str, fields: list[str]) -> None:
        super().__init__(
            f"{strategy_id} is registered with another manifest ({', '.join(fields)} differ). Its ledger belongs to "
            "that manifest: give the strategy another name, or use another data directory"
        )
        self.strategy_id = strategy_id
        self.fields = fields


class MigrationChangedError(StoreError):
    """A migration that has run was edited afterwards."""

    def __init__(self, name: str) -> None:
        super().__init__(f"migration {name} was applied with other contents; write a new migration instead")
        self.name = name


class LedgerDisagreesError(StoreError):
    """The stored procedures and the rule book differ on what happened."""

    def __init__(self, what: str, rule_book: object, ledger: object) -> None:
        super().__init__(f"{what}: the rule book says {rule_book}, the ledger {ledger}")
        self.what = what
        self.rule_book = rule_book
        self.ledger = ledger


class OrderConflictError(StoreError):
    """A client_order_id is taken by another order."""

    def __init__(self, client_order_id: object) -> None:
        super().__init__(f"client_order_id {client_order_id} belongs to another order")
        self.client_order_id = client_order_id
