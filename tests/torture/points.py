"""The named points at which a torture kills a trader, and how it dies there."""

import os
import signal
import threading
from typing import Final

POINTS: Final = (
    "before-commit-of-receive",
    "after-commit-of-receive",
    "before-commit-of-decide",
    "after-commit-of-decide",
    "before-commit-of-bury",
    "after-commit-of-bury",
    "between-offset-and-inbox",
    "between-offset-and-outbox",
    "between-receive-and-decide",
    "amid-decide",
    "in-broker-call",
    "relay-before-publish",
    "relay-amid-publish",
    "relay-before-mark",
    "relay-after-mark",
)
"""A receive that buries a message is a bury here, and one that decides is a decide, unless it buries."""


class Points:
    """Sends a signal to its own process at a named point, the n-th time that the point is reached."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._name = ""
        self._number = signal.SIGKILL
        self._left = 0

    def arm(self, name: str, number: signal.Signals, count: int) -> None:
        """Die (SIGKILL) or freeze (SIGSTOP) at the count-th time from now."""
        with self._lock:
            self._name, self._number, self._left = name, number, count

    def reach(self, name: str) -> None:
        """Say that the process is at a point."""
        with self._lock:
            if name != self._name:
                return
            self._left -= 1
            if self._left > 0:
                return
            self._name = ""
        os.kill(os.getpid(), self._number)
