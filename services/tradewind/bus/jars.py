"""Apache Kafka's jars, as jars.lock names them: by version and hash, fetched once from Maven Central.

`python -m tradewind.bus.jars` resolves them afresh and prints a new lock file.
"""

import hashlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jgo.maven import MavenContext

# Raw (!): a coordinate that is not would impose its own dependency management on the others', unlike in Maven.
REQUESTED: Final = "org.apache.kafka:kafka_2.13:4.3.1!+org.apache.logging.log4j:log4j-slf4j-impl:2.25.5!"
"""The server, and what gives it a log: its slf4j is 1.7, so the binding is not log4j-slf4j2-impl."""
_LOCK: Final = Path(__file__).with_name("jars.lock")


class JarsError(RuntimeError):
    """The jars can't be had."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of the lock file."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Its name in the folder of jars."""
        return f"{self.artifact}-{self.version}.jar"


def locked_jars() -> Sequence[Jar]:
    """Return the jars that the lock file names."""
    return [_parse(line) for line in _LOCK.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def fetch_jars(folder: Path, say: Callable[[str], None], given_up: Callable[[], bool]) -> Sequence[Path]:
    """Return the jars in a folder, each checked by its hash; fetch those that are missing or broken.

    Several processes may do so at once: each file is moved to its place whole. Where `given_up` says so in between,
    what has come so far is kept.

    Raises:
        JarsError: jgo is not installed, Maven Central does not answer, or it sends something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = locked_jars()
    missing = [jar for jar in wanted if _digest(folder / jar.file_name) != jar.sha256]
    if missing:
        say(f"fetching {len(missing)} jars of Apache Kafka from Maven Central to {folder}")
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as part:
            context = _context(Path(part))
            for number, jar in enumerate(missing, start=1):
                if given_up():
                    break
                _fetch(context, jar).replace(folder / jar.file_name)
                say(f"  {number} of {len(missing)}: {jar.file_name}")
    return [folder / jar.file_name for jar in wanted]


def _fetch(context: "MavenContext", jar: Jar) -> Path:
    try:
        path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
        raise JarsError(f"{jar.file_name} can't be fetched: {error}") from None
    digest = _digest(path)
    if digest != jar.sha256:
        raise JarsError(f"{jar.file_name} has the SHA-256 {digest}, but jars.lock says {jar.sha256}")
    return path


def _context(cache: Path) -> "MavenContext":
    """Return access to the user's own repositories, where jgo's settings name some, and to Maven Central."""
    if importlib.util.find_spec("jgo") is None:
        raise JarsError("the package jgo is not installed; pip install 'tradewind[embedded-jvm]'")
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    repositories = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=cache, remote_repos=repositories, timeout=30)


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _parse(line: str) -> Jar:
    coordinate, sha256 = line.split()
    group, artifact, version = coordinate.split(":")
    return Jar(group, artifact, version, sha256)


def _resolved() -> Iterator[str]:
    """Yield the lines of a new lock file."""
    import jgo

    yield f"# {REQUESTED}"
    yield "# From `python -m tradewind.bus.jars`: group:artifact:version and SHA-256."
    for artifact in sorted(jgo.resolve(REQUESTED), key=lambda it: (it.groupId, it.artifactId)):
        yield f"{artifact.groupId}:{artifact.artifactId}:{artifact.version} {_digest(artifact.resolve())}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in _resolved())
