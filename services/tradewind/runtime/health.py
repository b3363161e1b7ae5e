"""Health: whether a process lives, and whether it is ready, with the reason when it is not."""

import threading
from collections.abc import Callable, Mapping

Probe = Callable[[], str | None]
"""Looks at something now; returns what is wrong with it, None where nothing is."""


class Health:
    """Thread-safe conditions of one process. It is ready when every condition holds and no probe finds fault."""

    def __init__(self, *conditions: str, probes: Mapping[str, Probe] | None = None) -> None:
        """Start with each named condition unmet."""
        self._lock = threading.Lock()
        self._probes = dict(probes or {})
        self._unmet: dict[str, str] = dict.fromkeys(conditions, "starting")

    def watch(self, probes: Mapping[str, Probe]) -> None:
        """Ask these, too, from now on."""
        with self._lock:
            self._probes |= probes

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
            unmet, probes = dict(self._unmet), dict(self._probes)
        for condition, probe in probes.items():
            fault = probe()
            if fault is not None:
                unmet[condition] = fault
        return unmet
