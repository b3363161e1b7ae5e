"""What a service that stands on the database and the broker looks at when it is asked whether it is ready."""

from collections.abc import Mapping
from functools import partial

from tradewind.bus.producer import Producer
from tradewind.runtime.health import Probe
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.store.database import Pool, database_problem


def foundation_probes(
    pool: Pool, producer: Producer, relay: Relay | None = None, reader: Reader | None = None
) -> Mapping[str, Probe]:
    """Return the probes of the database and the broker, and of what reads and publishes there, by condition."""
    probes: dict[str, Probe] = {"database": partial(database_problem, pool), "broker": producer.broker_problem}
    if relay is not None:
        probes["relay"] = relay.problem
    if reader is not None:
        probes["reader"] = reader.problem
    return probes
