"""One process that the desk keeps alive."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from tradewind.desk.logs import rotate

State = Literal["waiting", "starting", "running", "restarting", "stopping", "stopped"]

FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
STEADY_SECONDS: Final = 60.0
"""A process that lived this long has recovered: its next restart is quick again."""
STOP_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Program:
    """What a child runs.

    `announces` maps fields of the JSON line that the program prints once it is up to the environment variables by which
    the programs after it learn them. A program that announces nothing is up as soon as it runs. `learns` makes this
    program's own variables of what was announced before it.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    announces: Mapping[str, str] = field(default_factory=dict)
    learns: Callable[[Mapping[str, str]], Mapping[str, str]] = dict


@dataclass(frozen=True)
class ChildStatus:
    """What is known of a child. `last_exit` is its last exit status, negative for the signal that ended it.

    `failures` counts the times in a row that it ended by itself soon after its start.
    """

    name: str
    state: State
    pid: int | None
    port: int | None
    restarts: int
    last_exit: int | None
    failures: int


class Child:
    """A process, started again with growing delays when it ends. Driven by `tick`, from one thread."""

    def __init__(self, program: Program, log: Path, folder: Path) -> None:
        self.program = program
        self.announced: dict[str, str] | None = None
        """What the program said when it came up, by environment variable; None while it is not up."""
        self._log = log
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] | None = None
        self._state: State = "waiting"
        self._line = b""
        self._started = 0.0
        self._next_start = 0.0
        self._delay = FIRST_DELAY
        self._kill_at: float | None = None
        self._starts = 0
        self._last_exit: int | None = None
        self._failures = 0

    @property
    def status(self) -> ChildStatus:
        """The child as it is known since the last tick."""
        pid = self._process.pid if self._process else None
        restarts = max(0, self._starts - 1)
        return ChildStatus(
            self.program.name, self._state, pid, self.program.port, restarts, self._last_exit, self._failures
        )

    def tick(self, environment: Mapping[str, str] | None) -> None:
        """Go one step towards running with these variables added.

        None means that what it stands on is not up: one that runs stays as it is, because its routes, the kill switch
        among them, work without a broker; one that ended waits. A child that runs with other variables is ended and,
        since that is no failure, started again without delay.
        """
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                self._watch(environment, now)
                return
            self._ended(self._process.pid, code, now)
        if environment is None:
            self._state = "waiting"
        elif now >= self._next_start:
            self._start(dict(environment), now)

    def end(self) -> bool:
        """Go one step towards having ended: SIGTERM, then SIGKILL after a while. True once it has."""
        if self._process is None or (code := self._process.poll()) is not None:
            if self._process is not None:
                self._ended(self._process.pid, int(code or 0), time.monotonic())
            self._state = "stopped"
            return True
        self._ask_to_end(time.monotonic())
        return False

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self._process is not None and self._process.poll() is None:
            _kill_group(self._process.pid)

    def _start(self, environment: dict[str, str], now: float) -> None:
        stdout = subprocess.PIPE if self.program.announces else subprocess.STDOUT
        rotate(self._log)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.program.arguments,
                stdin=subprocess.PIPE,  # held open: its end tells the child that the desk has died
                stdout=log if stdout == subprocess.STDOUT else stdout,
                stderr=log,
                cwd=self._folder,
                env={**_inherited(), **self.program.environment, **self.program.learns(environment)},
                start_new_session=True,  # Ctrl-C reaches the desk only, which ends its children in order
            )
        if self._process.stdout is not None:
            os.set_blocking(self._process.stdout.fileno(), False)
        self._environment = environment
        self._started = now
        self._starts += 1
        self._line = b""
        self._kill_at = None
        self._state = "starting" if self.program.announces else "running"
        self.announced = None if self.program.announces else {}

    def _watch(self, environment: Mapping[str, str] | None, now: float) -> None:
        changed = environment is not None and environment != self._environment
        if changed or self._kill_at is not None:
            self._ask_to_end(now)
        elif self.announced is None:
            self._listen()
        elif now - self._started > STEADY_SECONDS:
            self._delay = FIRST_DELAY
            self._failures = 0

    def _listen(self) -> None:
        """Read the announcement as far as it has come."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._line += self._process.stdout.read() or b""
        if b"\n" in self._line:
            said: dict[str, Any] = json.loads(self._line.splitlines()[0])
            self.announced = {variable: str(said[name]) for name, variable in self.program.announces.items()}
            self._state = "running"

    def _ask_to_end(self, now: float) -> None:
        assert self._process is not None
        if self._kill_at is None:
            self._kill_at = now + STOP_SECONDS
            self._state = "stopping"
            self._process.terminate()
        elif now >= self._kill_at:
            _kill_group(self._process.pid)

    def _ended(self, pid: int, code: int, now: float) -> None:
        _kill_group(pid)  # what it started must not outlive it
        assert self._process is not None
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None
        self.announced = None
        self._last_exit = code
        if self._kill_at is None:
            if now - self._started > STEADY_SECONDS:
                self._delay = FIRST_DELAY
                self._failures = 0
            self._failures += 1
            self._next_start = now + self._delay
            self._delay = min(2 * self._delay, LONGEST_DELAY)
        self._kill_at = None
        self._state = "restarting"


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _inherited() -> dict[str, str]:
    """Return the desk's environment without what would change where its services connect to and what they do."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "TRADEWIND_"))}
