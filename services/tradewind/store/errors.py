"""Errors of the store, typed."""


class StoreError(Exception):
    """Base of the store's errors."""


class EpochOverError(StoreError):
    """Another writer has raised the epoch: this process may write no more."""

    def __init__(self, owner: str, epoch: int) -> None:
        super().__init__(f"epoch {epoch} of {owner} is over: another process has taken over")
        self.owner = owner
        self.epoch = epoch


class TurnOverError(StoreError):
    """This process has no turn to write any more."""

    def __init__(self, owner: str, epoch: int) -> None:
        super().__init__(
            f"the turn to write for {owner} that began with epoch {epoch} is over: its database session has ended, or "
            "another process has taken over"
        )
        self.owner = owner
        self.epoch = epoch


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


class DatabaseUnusableError(StoreError):
    """A database can't be used. Says which, why and what to do, never the password."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"the database {place} can't be used: {problem}; {remedy}")
        self.place = place
        self.problem = problem


class RolesMissingError(StoreError):
    """The services' roles can't be taken by this login, and it may not change that."""

    def __init__(self, statements: list[str]) -> None:
        lines = "\n  ".join(statements)
        super().__init__(
            "the services connect as roles of their own, and this login may neither create them nor take them. Let an "
            f"administrator of the server run:\n  {lines}"
        )
        self.statements = statements


class LedgerDisagreesError(StoreError):
    """The stored procedures and the rule book differ on what happened."""

    def __init__(self, what: str, rule_book: object, ledger: object) -> None:
        super().__init__(f"{what}: the rule book says {rule_book}, the ledger {ledger}")
        self.what = what
        self.rule_book = rule_book
        self.ledger = ledger


class OrderConflictError(StoreError):
    """A client_order_id, or the key of a request, is taken by another one."""

    def __init__(self, name: object) -> None:
        super().__init__(
            f"{name} names another request: what it asked for differs from this; give this one its own name"
        )
        self.name = name
