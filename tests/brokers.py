"""Real Kafka brokers for tests: the one that the environment names, or the test kit beside the checkout."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from pydantic import TypeAdapter

from tradewind.bus.access import KafkaAccess, SaslMechanism, SecurityProtocol

KIT = Path(__file__).resolve().parents[2] / "shared" / "kafka" / "kafka"
REQUIRED = "TRADEWIND_REQUIRE_KAFKA"
"""Set where a real broker is to be had: there a test that finds none fails."""
_PROTOCOLS: TypeAdapter[SecurityProtocol] = TypeAdapter(SecurityProtocol)
_MECHANISMS: TypeAdapter[SaslMechanism] = TypeAdapter(SaslMechanism)
_HOW = "`make kafka-up` starts a real broker and says what to export"


class KitBroker:
    """A cluster of the kit that a test may kill, hang and bring back. It keeps its ports and its data."""

    def __init__(self, name: str, instances: Path, environment: Mapping[str, str]) -> None:
        self._name = name
        self._instances = instances
        self._environment = environment
        self.access = self.access_as("admin")

    def access_as(self, user: str) -> KafkaAccess:
        """Return how a user reaches it; a broker without users knows only one."""
        password = self._environment.get(f"KAFKA_PASSWORD_{user.upper()}")
        login = {"KAFKA_USERNAME": user, "KAFKA_PASSWORD": password} if password else {}
        return access_from({**self._environment, **login})

    def kill(self, node: int = 1) -> None:
        """End a broker by SIGKILL."""
        self._do("kill", node)

    def start(self, node: int = 1) -> None:
        """Start a broker again and wait until it takes clients."""
        self._do("start", node)

    def pause(self, node: int = 1) -> None:
        """Hang a broker (SIGSTOP)."""
        self._do("pause", node)

    def resume(self, node: int = 1) -> None:
        """Let a hung broker go on (SIGCONT)."""
        self._do("resume", node)

    def _do(self, verb: str, node: int) -> None:
        _kit(self._instances, verb, self._name, "--node", str(node))


@contextmanager
def running_kit(*options: str) -> Iterator[KitBroker]:
    """Run a cluster of the kit, in a folder of its own, while the context lasts.

    Args:
        options: of `kafka up`, such as `--brokers 3` or `--secure --user trading`.
    """
    if not KIT.is_file():
        no_kafka(f"the Kafka test kit is not at {KIT}")
    if shutil.which("java") is None and "KAFKA_JAVA_HOME" not in os.environ:
        no_kafka("the Kafka test kit needs Java")
    folder = Path(tempfile.mkdtemp(prefix="tw-kafka-"))
    try:
        said = _kit(folder, "up", "tests", *options)
        environment = dict(line.split("=", 1) for line in said.splitlines())
        yield KitBroker("tests", folder, {name: shlex.split(value)[0] for name, value in environment.items()})
    finally:
        _kit(folder, "down", "tests")
        shutil.rmtree(folder, ignore_errors=True)


def access_from(environment: Mapping[str, str]) -> KafkaAccess:
    """Return the access that KAFKA_* variables describe."""
    ca_file = environment.get("KAFKA_SSL_CA_LOCATION")
    return KafkaAccess(
        environment["KAFKA_BOOTSTRAP_SERVERS"],
        security_protocol=_PROTOCOLS.validate_python(environment.get("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT")),
        sasl_mechanism=_MECHANISMS.validate_python(environment.get("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")),
        username=environment.get("KAFKA_USERNAME", ""),
        password=environment.get("KAFKA_PASSWORD", ""),
        ca_file=Path(ca_file) if ca_file else None,
    )


def no_kafka(reason: str) -> NoReturn:
    """Skip the test, or fail it where a real broker is to be had."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}, and {REQUIRED} is set")
    pytest.skip(f"{reason}; {_HOW}")


def _kit(instances: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(KIT), *arguments],
        env={**os.environ, "KAFKA_INSTANCES": str(instances)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, f"kafka {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout
