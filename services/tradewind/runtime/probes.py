"""What a service that stands on the database and the broker looks at when it is asked whether it is ready."""

from collections.abc import Mapping
from functools import partial

from tradewind.bus.producer import Producer
from tradewind.runtime.health import Probe
from tradewind.store.database import Pool, database_problem


def foundation_probes(pool: Pool, producer: Producer) -> Mapping[str, Probe]:
    """Return the probes of the database and the broker, by condition."""
    return {"database": partial(database_problem, pool), "broker": producer.broker_problem}
