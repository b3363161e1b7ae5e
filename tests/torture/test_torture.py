"""A short torture, and proof that each invariant can fail. `make torture` is the long one."""

import shutil
from collections.abc import Iterator
from typing import LiteralString

import pytest
from tests.torture.evidence import HERE, check
from tests.torture.faults import plan_faults, short_plan, tally
from tests.torture.plants import PLANTS
from tests.torture.points import POINTS
from tests.torture.supervisor import Order, Outcome, Torture, tortured

from tradewind.store.database import Connection, connect

SEED = 20
SIGNALS = 2000


@pytest.fixture(scope="module")
def torture() -> Iterator[Torture]:
    """A short torture that is over; its database still runs."""
    with tortured(Order(short_plan(SEED), SIGNALS, SEED), embedded=True) as torture:
        torture.run()
        yield torture
    if torture.outcome.held:
        shutil.rmtree(torture.outcome.folder)


@pytest.fixture
def connection(torture: Torture) -> Iterator[Connection]:
    """A transaction on the tortured database that is rolled back."""
    with connect(torture.postgres.url) as connection, connection.transaction(force_rollback=True):
        yield connection


def test_nothing_is_lost_and_nothing_happens_twice(torture: Torture) -> None:
    outcome: Outcome = torture.outcome
    assert outcome.held, (outcome.stuck, [str(violation) for violation in outcome.violations])
    assert len(outcome.done) == len(short_plan(SEED))
    assert outcome.signals >= SIGNALS
    assert outcome.least_between >= 100
    assert outcome.orders >= 0.4 * outcome.signals
    assert outcome.fills >= 0.3 * outcome.signals


@pytest.mark.parametrize(
    ("invariant", "wrong", "statements"), PLANTS, ids=[f"{name}-{said}" for name, said, _ in PLANTS]
)
def test_a_planted_wrong_is_found(
    connection: Connection, invariant: str, wrong: str, statements: LiteralString
) -> None:
    # No trigger and no foreign key stands in the way: what is planted is what a bug would leave behind.
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute(statements)
    found = {violation.invariant: violation for violation in check(connection)}
    assert invariant in found, list(found)
    assert any(str(row.get("wrong", "")).startswith(wrong) for row in found[invariant].rows), found[invariant]


def test_each_invariant_is_proved_able_to_fail() -> None:
    files = {file.stem for file in (HERE / "invariants").glob("*.sql")}
    assert len(files) == 12
    assert files == {invariant for invariant, _, _ in PLANTS}


def test_the_full_plan_reaches_each_point_twenty_times() -> None:
    planned = tally(plan_faults(500, SEED))
    assert sum(planned.values()) == 500
    assert all(planned[f"point {point}"] >= 20 for point in POINTS)
    assert all(planned[kind] >= 20 for kind in ("stop", "kill", "usurp", "postgres", "broker-kill", "broker-pause"))
