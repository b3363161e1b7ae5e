"""The broker that everything goes through: somebody else's, a real one of the kit, or the desk's own light one."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from tests.brokers import KIT, access_from, running_kit

from tradewind.bus.access import KafkaAccess
from tradewind.desk.folder import DataFolder
from tradewind.desk.foundations import Foundation, choose_foundations


@dataclass(frozen=True)
class Broker:
    """A broker, as a desk stands on it. `kill` takes the pid of the desk's own broker process, 0 where it has none.

    It is `exact` where it starts empty and forgets nothing; `kill` is None where it is not ours to kill.
    """

    name: str
    foundation: Foundation
    exact: bool
    kill: Callable[[int], None] | None


@contextmanager
def some_broker(folder: DataFolder) -> Iterator[Broker]:
    """Give the broker of KAFKA_BOOTSTRAP_SERVERS, else a new one of the kit, else an embedded one."""
    if "KAFKA_BOOTSTRAP_SERVERS" in os.environ:
        yield Broker("a broker of KAFKA_BOOTSTRAP_SERVERS", _given(access_from(os.environ)), False, None)
        return
    if not KIT.is_file() or (shutil.which("java") is None and "KAFKA_JAVA_HOME" not in os.environ):
        embedded = choose_foundations(folder, None, "embedded").broker
        yield Broker("embedded broker", embedded, False, lambda pid: os.kill(pid, signal.SIGKILL))
        return
    with running_kit() as kit:

        def kill(_: int) -> None:
            kit.kill()
            kit.start()

        yield Broker("Apache Kafka", _given(kit.access), True, kill)


def _given(access: KafkaAccess) -> Foundation:
    variables = {
        f"TRADEWIND_KAFKA_{part.name.upper()}": str(value)
        for part in fields(access)
        if (value := getattr(access, part.name))
    }
    return Foundation(access.bootstrap_servers, given=variables)
