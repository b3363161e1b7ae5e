"""Health: whether a process lives, and whether it is ready, with the reason when it is not."""

import threading


class Health:
    """Thread-safe conditions of one process. It is ready when every condition holds."""

    def __init__(self, *conditions: str) -> None:
        """Start with each named condition unmet."""
        self._lock = threading.Lock()
        self._unmet: dict[str, str] = dict.fromkeys(conditions, "starting")

    def met(self, condition: str) -> None:
        """Say that a condition holds."""
        with self._lock:
            self._unmet.pop(condition, None)

    def unmet(self, condition: str, reason: str) -> None:
        """Say that a condition does not hold, and why."""
        with self._lock:
            self._unmet[condition] = reason

    @property
    def reasons(self) -> dict[str, str]:
        """Why the process is not ready, by condition; empty when it is."""
        with self._lock:
            return dict(self._unmet)
