"""kill -9 in mid-replay: the demo still ends in agreement, or leaves nothing behind."""

import re
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Demo:
    """A demo that runs, and how far its replay has come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.decided = 0
        self.total = 0
        self.lines: list[str] = []
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.match(r"replaying instants (\d+)/(\d+)", line)
            with self._moved:
                if found:
                    self.decided, self.total = int(found[1]), int(found[2])
                self._moved.notify_all()
        with self._moved:
            self.process.wait()
            self._moved.notify_all()

    def wait_until_decided(self, share: float) -> None:
        """Wait until this share of the instants is decided, the replay still going on."""
        with self._moved:
            came = self._moved.wait_for(
                lambda: self.process.poll() is not None or (self.total and self.decided >= share * self.total), 60
            )
        assert came, self.lines
        assert self.process.poll() is None, self.lines
        assert self.decided < self.total

    def end(self) -> str:
        """Wait for the end; return what was printed."""
        assert self.process.stdout is not None
        printed = self.process.stdout.read()
        self._thread.join(60)
        assert self.process.wait(60) == 0, "".join(self.lines)
        return printed


@pytest.fixture
def undisturbed(command_line: Any, short_sma_cross: Path) -> tuple[int, int, str]:
    """Orders, fills and cash of the same strategy in a backtest, which knows no process that could die."""
    printed = command_line.backtest(short_sma_cross)
    return printed["counts"]["orders"], printed["counts"]["fills"], printed["final_cash"]


@pytest.mark.parametrize("victims", [("trading",), ("broker",), ("ml", "ingestion", "postgres")], ids="+".join)
def test_the_demo_survives_the_death_of(
    victims: tuple[str, ...],
    command_line: Any,
    short_sma_cross: Path,
    undisturbed: tuple[int, int, str],
    agreement_of: Callable[[str], Any],
) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    for number, victim in enumerate(victims, 1):
        demo.wait_until_decided(0.2 * number)
        command_line.kill(victim)
    agreement = agreement_of(demo.end())
    assert (agreement.orders, agreement.fills, agreement.cash) == undisturbed
    assert agreement.fills >= 10
    for victim in victims:
        process = command_line.processes()[victim]
        assert process["restarts"] >= 1
    assert command_line.pids() == set()


def test_a_killed_desk_leaves_no_process_and_the_next_one_goes_on_where_it_was(
    command_line: Any,
    short_sma_cross: Path,
    undisturbed: tuple[int, int, str],
    agreement_of: Callable[[str], Any],
) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    demo.wait_until_decided(0.2)
    assert len(command_line.pids()) > 6
    demo.process.send_signal(signal.SIGKILL)
    command_line.wait_until_nothing_runs()
    again = command_line.run("demo", short_sma_cross)
    assert again.returncode == 0, again.stderr
    agreement = agreement_of(again.stdout)
    assert (agreement.orders, agreement.fills, agreement.cash) == undisturbed
