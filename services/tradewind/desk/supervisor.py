"""Keeps the desk's processes alive, in order: what the services stand on first, then the services."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tradewind.desk.child import Child, ChildStatus, Program

_TICK: Final = 0.05
Report = Callable[[Sequence[ChildStatus]], None]
Prepare = Callable[[Mapping[str, str]], None]


class Supervisor:
    """Runs the foundations (database, broker) and, once all of them are up, the services with what they announced.

    When a foundation dies it is started again, and every service with it: its address may be new. `given` is known
    without a foundation that announces it. `prepare` is called once, with what was given and announced, before the
    first service starts. `report` is called at each change. Both run in the supervisor's own thread. Use it as a
    context: everything has ended when the context has.
    """

    def __init__(
        self,
        foundations: Sequence[Program],
        given: Mapping[str, str],
        services: Sequence[Program],
        folder: Path,
        log: Callable[[str], Path],
        prepare: Prepare,
        report: Report,
    ) -> None:
        self._foundations = [Child(program, log(program.name), folder) for program in foundations]
        self.services = [Child(program, log(program.name), folder) for program in services]
        self._given = given
        self._prepare = prepare
        self._report = report
        self._prepared = False
        self.statuses: tuple[ChildStatus, ...] = ()
        """Every child as last reported."""
        self._stop = threading.Event()
        self._hurry = threading.Event()
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor")
        self.failure: Exception | None = None
        """Why nothing runs any more: `prepare` or the supervision itself failed."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._finished.is_set():
            try:
                self._stop.set()
                self._finished.wait()
            except KeyboardInterrupt:
                self.hurry()
        self._thread.join()

    def hurry(self) -> None:
        """End everything at once; only the database still gets the time to stop cleanly."""
        self._hurry.set()
        self._stop.set()

    def _run(self) -> None:
        try:
            # A main thread that was interrupted just before it entered the context must not leave this one behind.
            while not self._stop.wait(_TICK) and threading.main_thread().is_alive():
                self._step()
        except Exception as error:
            self.failure = error
        finally:
            self._end()
            self._finished.set()

    def _step(self) -> None:
        for child in self._foundations:
            child.tick({})
        announced: dict[str, str] | None = dict(self._given)
        for child in self._foundations:
            if announced is not None:
                announced = None if child.announced is None else {**announced, **child.announced}
        if announced is not None and not self._prepared:
            self._tell()
            self._prepare(announced)
            self._prepared = True
        for child in self.services:
            child.tick(announced)
        self._tell()

    def _end(self) -> None:
        """End the services first, then what they stand on in reverse: the database saw everything by then."""
        self._end_all(self.services)
        for child in reversed(self._foundations):
            self._end_all([child])
        self._tell()

    def _end_all(self, children: Sequence[Child]) -> None:
        left = list(children)
        while left := [child for child in left if not child.end()]:
            for child in left:
                # The foundations are never killed in a hurry: SIGTERM ends them within moments, and cleanly.
                if self._hurry.is_set() and child in self.services:
                    child.kill()
            self._tell()
            time.sleep(_TICK / 5)

    def _tell(self) -> None:
        statuses = tuple(child.status for child in (*self._foundations, *self.services))
        if statuses != self.statuses:
            self.statuses = statuses
            self._report(statuses)
