"""The platform with one safeguard taken out: a torture must catch each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, get_args
from unittest import mock

from tradewind.runtime import reader
from tradewind.store.database import Connection, connect
from tradewind.store.offsets import Identities, Positions, advance_offsets

Mutant = Literal["epoch-check-removed", "inbox-key-removed", "offset-in-another-transaction"]
MUTANTS: Final[tuple[Mutant, ...]] = get_args(Mutant)
VARIABLE: Final = "TORTURE_MUTANT"
CAUGHT_BY: Final[dict[Mutant, str]] = {
    "epoch-check-removed": "08_epochs_are_monotone",
    "inbox-key-removed": "01_one_order_per_signal",
    "offset-in-another-transaction": "11_nothing_is_lost",
}
"""The invariant that each breaks; others may break with it."""
_MUTATIONS: Final = Path(__file__).with_name("mutations")


def mutate_database(connection: Connection, mutant: Mutant | None) -> None:
    """Take the safeguard out of the schema, where it lies there."""
    mutation = _MUTATIONS / f"{mutant}.sql"
    if mutation.is_file():
        connection.execute(mutation.read_bytes())


@contextmanager
def trader_mutant(database_url: str) -> Iterator[None]:
    """Take the safeguard out of this trader, where it lies there and the environment says so."""
    if os.environ.get(VARIABLE) != "offset-in-another-transaction":
        yield
        return
    with connect(database_url) as apart:

        def advance(_: Connection, group: str, identities: Identities, positions: Positions) -> None:
            advance_offsets(apart, group, identities, positions)

        with mock.patch.object(reader, "advance_offsets", advance):
            yield
