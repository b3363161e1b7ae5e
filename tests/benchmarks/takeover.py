"""How long a strategy is without its desk after its leader was killed."""

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from tests.benchmarks.desk import Service, desk, wait_until
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import percentile
from tests.benchmarks.pacer import Commits, Pacer

_KILLS: Final = 20
_RATE: Final = 20.0
_LONGEST: Final = 30.0
_WANTED: Final = 10.0


def measure(_: float) -> Iterator[Figure]:
    """Yield the time from SIGKILL of the leader to the first order that the next one commits."""
    chance = random.Random(1)
    taken: list[float] = []
    with desk(1) as made, closing(Commits(made, orders_only=True)) as commits:
        leader = made.start()
        with Pacer(made, _RATE, int(_RATE * _KILLS * 60)):
            wait_until(lambda: commits.decided > 0, leader, "the first order")
            for _kill in range(_KILLS):
                contender = made.start()
                wait_until(lambda service=contender: _waits(service), contender, "a contender that waits")  # type: ignore[misc]
                time.sleep(chance.uniform(0.0, 1.0))
                taken.append(_take_over(leader, contender, commits))
                leader = contender
        broker = made.broker.name
    yield Figure(
        f"takeover after SIGKILL of the leader, to the first order of the next ({broker}, {_KILLS} kills)",
        f"p50 {percentile(taken, 0.5):.2f} s, p99 {percentile(taken, 0.99):.2f} s, most {max(taken):.2f} s",
        f"p99 <= {_WANTED:.0f} s",
        percentile(taken, 0.99) <= _WANTED,
    )


def _take_over(leader: Service, contender: Service, commits: Commits) -> float:
    """Kill the leader; return the seconds until the first order of a new epoch is committed."""
    epoch = max(it for _, it in commits.heard.values())
    killed = time.monotonic()
    leader.kill()
    wait_until(lambda: commits.first_of_later(epoch) is not None, contender, "the next leader's order", _LONGEST)
    first = commits.first_of_later(epoch)
    assert first is not None
    return first - killed


def _waits(service: Service) -> bool:
    """Return whether the service says that another one leads."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{service.port}/readyz", timeout=5).close()
    except urllib.error.HTTPError as error:
        return "another process writes" in json.loads(error.read())["detail"]
    except OSError:
        return False
    return False
