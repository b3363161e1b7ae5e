"""What traders stand on, in the hands of a torture: a PostgreSQL and a broker to kill, pause and restart."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.brokers import KIT, KitBroker, access_from, running_kit

from tradewind.bus.access import KafkaAccess
from tradewind.bus.topics import ensure_topics
from tradewind.desk.postgres import EmbeddedPostgres


class Postgres:
    """An embedded PostgreSQL on a folder that stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder / "postgres", folder / "postgres.log")

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._server.__enter__()

    def kill(self) -> None:
        """Kill every process of the server at once, as the end of its machine would."""
        postmaster = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        victims = [postmaster, *_children(postmaster)]
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.stop()

    def stop(self) -> None:
        self._server.stop()


def _children(parent: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The command, in parentheses, may hold blanks.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(stat.parent.name)


@dataclass(frozen=True)
class Broker:
    """A broker with the platform's topics, and what can be done to it: a foreign one is left alone."""

    name: str
    access: KafkaAccess
    kit: KitBroker | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that can be done: an embedded broker forgets everything when it dies, so it is only paused."""
        return ("kill", "pause") if self.kit else ("pause",) if self.process else ()

    @property
    def environment(self) -> dict[str, str]:
        """The services' settings for it."""
        access = self.access
        given = {
            "BOOTSTRAP_SERVERS": access.bootstrap_servers,
            "GENERATION": access.generation,
            "SECURITY_PROTOCOL": access.security_protocol,
            "SASL_MECHANISM": access.sasl_mechanism,
            "USERNAME": access.username,
            "PASSWORD": access.password,
            "CA_FILE": str(access.ca_file or ""),
        }
        return {f"TRADEWIND_KAFKA_{name}": value for name, value in given.items() if value}

    def break_off(self, how: str) -> None:
        """Kill it, or let it hang."""
        if self.kit is not None:
            self.kit.kill() if how == "kill" else self.kit.pause()
        elif self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def bring_back(self, how: str) -> None:
        """Start it again, or let it go on."""
        if self.kit is not None:
            self.kit.start() if how == "kill" else self.kit.resume()
        elif self.process is not None:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def some_broker(embedded: bool, *options: str) -> Iterator[Broker]:
    """Give a broker: the environment's, a new one of the test kit, or an embedded one where told so or nothing else is.

    Args:
        embedded: whether only an embedded one will do.
        options: of the test kit, see `running_kit`.
    """
    if "KAFKA_BOOTSTRAP_SERVERS" in os.environ and not embedded:
        access = access_from(os.environ)
        ensure_topics(access)
        yield Broker("the broker of KAFKA_BOOTSTRAP_SERVERS", access)
    elif KIT.is_file() and (shutil.which("java") or "KAFKA_JAVA_HOME" in os.environ) and not embedded:
        with running_kit(*options) as kit:
            ensure_topics(kit.access)
            yield Broker("Apache Kafka", kit.access, kit=kit)
    else:
        command = [sys.executable, "-m", "tradewind.bus.embedded"]
        # What librdkafka says of its mock cluster helps nobody.
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            yield Broker("an embedded broker", KafkaAccess(**json.loads(process.stdout.readline())), process=process)
            process.kill()
