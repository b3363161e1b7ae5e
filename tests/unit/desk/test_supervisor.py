"""The supervisor with tiny real processes."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tradewind.desk import child as children
from tradewind.desk import logs
from tradewind.desk.child import ChildStatus, Program
from tradewind.desk.supervisor import Supervisor

LIVES_UNTIL_ASKED = "import sys; sys.stdin.read()"
IGNORES_SIGTERM = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
SAYS_ITS_ADDRESS = 'import os, sys; print(\'{"address": "%d"}\' % os.getpid(), flush=True); sys.stdin.read()'


def program(name: str, code: str, announces: Mapping[str, str] | None = None) -> Program:
    return Program(name, (sys.executable, "-c", code), announces=announces or {})


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)


def lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


class Line:
    """A supervisor, what it reported and what it prepared."""

    def __init__(
        self,
        folder: Path,
        foundations: Sequence[Program],
        services: Sequence[Program],
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.reports: list[tuple[ChildStatus, ...]] = []
        self.prepared: list[Mapping[str, str]] = []
        self.supervisor = Supervisor(
            foundations,
            given or {},
            services,
            folder,
            lambda name: folder / f"{name}.log",
            self.prepared.append,
            lambda statuses: self.reports.append(tuple(statuses)),
        )

    def of(self, name: str) -> ChildStatus:
        nothing_yet = ChildStatus(name, "waiting", None, None, 0, None, 0)
        return next((status for status in self.supervisor.statuses if status.name == name), nothing_yet)

    def pid(self, name: str) -> int:
        wait_for(lambda: self.of(name).state == "running")
        pid = self.of(name).pid
        assert pid is not None
        return pid

    def new_pid(self, name: str, old: int) -> int:
        wait_for(lambda: self.of(name).state == "running" and self.of(name).pid != old)
        return self.pid(name)


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_DELAY", 0.05)
    monkeypatch.setattr(children, "STOP_SECONDS", 0.5)


def test_services_start_after_the_foundations_and_learn_what_they_announced(tmp_path: Path) -> None:
    writes = "import os, pathlib, sys; pathlib.Path('seen').write_text(os.environ['ADDRESS']); sys.stdin.read()"
    line = Line(tmp_path, [program("base", SAYS_ITS_ADDRESS, {"address": "ADDRESS"})], [program("service", writes)])
    with line.supervisor:
        base = line.pid("base")
        wait_for(lambda: (tmp_path / "seen").exists() and (tmp_path / "seen").read_text() == str(base))
    assert line.prepared == [{"ADDRESS": str(base)}]
    first_service = next(report for report in line.reports if report[1].pid is not None)
    assert first_service[0].state == "running"


def test_what_is_given_is_known_without_a_foundation_and_each_service_learns_it_in_its_own_way(tmp_path: Path) -> None:
    writes = "import os, pathlib, sys; pathlib.Path('seen').write_text(os.environ['ADDRESS']); sys.stdin.read()"

    def learns(known: Mapping[str, str]) -> Mapping[str, str]:
        return {"ADDRESS": f"trading@{known['ADDRESS']}"}

    service = Program("service", (sys.executable, "-c", writes), learns=learns)
    line = Line(tmp_path, [], [service], {"ADDRESS": "elsewhere"})
    with line.supervisor:
        wait_for(lambda: (tmp_path / "seen").exists() and (tmp_path / "seen").read_text() == "trading@elsewhere")
    assert line.prepared == [{"ADDRESS": "elsewhere"}]


def test_one_that_keeps_failing_leaves_the_others_alone(tmp_path: Path) -> None:
    line = Line(tmp_path, [], [program("broken", "raise SystemExit(3)"), program("steady", LIVES_UNTIL_ASKED)])
    with line.supervisor:
        pid = line.pid("steady")
        wait_for(lambda: line.of("broken").failures >= 4)
        assert (line.of("steady").pid, line.of("steady").restarts) == (pid, 0)


def test_a_log_that_has_grown_too_large_is_put_aside_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 100)
    line = Line(tmp_path, [], [program("wordy", f"print('x' * 100, flush=True); {LIVES_UNTIL_ASKED}")])
    log, old = tmp_path / "wordy.log", tmp_path / "wordy.log.1"
    with line.supervisor:
        for text in ("first\n", "second\n"):
            wait_for(lambda: log.exists() and log.read_text().startswith("x" * 100))
            with log.open("a") as more:
                more.write(text)
            pid = line.pid("wordy")
            os.kill(pid, signal.SIGKILL)
            line.new_pid("wordy", pid)
            assert old.read_text() == "x" * 100 + "\n" + text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wordy.log", "wordy.log.1"]


def test_a_child_that_dies_is_started_again_with_growing_delays(tmp_path: Path) -> None:
    stamps = "import pathlib, sys, time; open('starts', 'a').write(f'{time.monotonic()}\\n'); sys.exit(3)"
    line = Line(tmp_path, [], [program("broken", stamps)])
    with line.supervisor:
        wait_for(lambda: line.of("broken").failures >= 4)
        status = line.of("broken")
    assert status.last_exit == 3
    assert status.restarts >= 3
    starts = [float(text) for text in (tmp_path / "starts").read_text().split()]
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert all(gap >= least for gap, least in zip(gaps, (0.05, 0.1, 0.2), strict=False))


def test_the_delay_never_passes_its_limit_and_a_steady_child_is_forgiven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LONGEST_DELAY", 0.05)
    monkeypatch.setattr(children, "STEADY_SECONDS", 0.3)
    line = Line(tmp_path, [], [program("steady", LIVES_UNTIL_ASKED)])
    with line.supervisor:
        for _ in range(3):
            pid = line.pid("steady")
            os.kill(pid, signal.SIGKILL)
            line.new_pid("steady", pid)
        assert line.of("steady").failures == 3
        assert line.of("steady").last_exit == -signal.SIGKILL
        wait_for(lambda: line.of("steady").failures == 0)


def test_when_a_foundation_dies_every_service_is_started_again_with_the_new_address(tmp_path: Path) -> None:
    appends = "import os, sys; open('seen', 'a').write(os.environ['ADDRESS'] + '\\n'); sys.stdin.read()"
    line = Line(tmp_path, [program("base", SAYS_ITS_ADDRESS, {"address": "ADDRESS"})], [program("service", appends)])

    def seen() -> list[str]:
        return (tmp_path / "seen").read_text().split() if (tmp_path / "seen").exists() else []

    with line.supervisor:
        base, service = line.pid("base"), line.pid("service")
        wait_for(lambda: seen() == [str(base)])
        os.kill(base, signal.SIGKILL)
        new_base = line.new_pid("base", base)
        line.new_pid("service", service)
        wait_for(lambda: len(seen()) == 2)
        assert line.of("service").failures == 0
    assert seen() == [str(base), str(new_base)]
    assert len(line.prepared) == 1


def test_a_service_that_runs_stays_while_a_foundation_is_down_and_one_that_ended_waits(tmp_path: Path) -> None:
    once = "import os, sys; open('once', 'x'); print('{\"address\": \"here\"}', flush=True); sys.stdin.read()"
    services = [program("steady", LIVES_UNTIL_ASKED), program("ended", LIVES_UNTIL_ASKED)]
    line = Line(tmp_path, [program("base", once, {"address": "ADDRESS"})], services)
    with line.supervisor:
        base, steady, ended = line.pid("base"), line.pid("steady"), line.pid("ended")
        os.kill(base, signal.SIGKILL)
        wait_for(lambda: line.of("base").failures > 1)
        os.kill(ended, signal.SIGKILL)
        wait_for(lambda: line.of("ended").state == "waiting")
        wait_for(lambda: line.of("base").failures > 3)
        assert line.of("ended").state == "waiting"
        assert (line.of("steady").state, line.of("steady").pid) == ("running", steady)


def test_everything_has_ended_when_the_context_has(tmp_path: Path) -> None:
    starts_another = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
    line = Line(tmp_path, [program("base", LIVES_UNTIL_ASKED)], [program("parent", starts_another)])
    with line.supervisor:
        pids = [line.pid("base"), line.pid("parent")]
        wait_for(lambda: (tmp_path / "parent.log").read_text().strip() != "")
        pids.append(int((tmp_path / "parent.log").read_text()))
    assert not any(lives(pid) for pid in pids[:2])
    wait_for(lambda: not lives(pids[2]))
    assert {status.state for status in line.supervisor.statuses} == {"stopped"}


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    line = Line(tmp_path, [], [program("stubborn", IGNORES_SIGTERM)])
    with line.supervisor:
        pid = line.pid("stubborn")
        time.sleep(0.3)
    assert not lives(pid)
    assert line.of("stubborn").last_exit == -signal.SIGKILL


def test_a_failing_preparation_ends_everything_and_is_told(tmp_path: Path) -> None:
    line = Line(tmp_path, [program("base", LIVES_UNTIL_ASKED)], [program("service", LIVES_UNTIL_ASKED)])

    def refuse(announced: Mapping[str, str]) -> None:
        raise LookupError("no such strategy")

    line.supervisor._prepare = refuse
    with line.supervisor:
        wait_for(lambda: line.supervisor.failure is not None)
        wait_for(lambda: line.of("base").state == "stopped")
    assert str(line.supervisor.failure) == "no such strategy"
    assert line.of("service").pid is None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with a supervisor over a child that ignores SIGTERM; it prints that child's pid."""
    script = tmp_path / "desk.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from tradewind.desk.child import Program
        from tradewind.desk.interruption import InterruptedByUserError, Interruption
        from tradewind.desk.supervisor import Supervisor

        folder = Path({str(tmp_path)!r})
        alone = [Program("stubborn", (sys.executable, "-c", {IGNORES_SIGTERM!r}))]
        try:
            with Interruption(), Supervisor([], {{}}, alone, folder, lambda n: folder / n, print, lambda s: None) as s:
                while not (s.statuses and s.statuses[0].pid):
                    time.sleep(0.01)
                time.sleep(0.5)
                print(s.statuses[0].pid, flush=True)
                time.sleep(60)
        except InterruptedByUserError as error:
            sys.exit(error.exit_status)
        """),
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_the_second_ctrl_c_ends_at_once(desk: subprocess.Popen[str]) -> None:
    assert desk.stdout is not None
    while not (line := desk.stdout.readline()).strip().isdigit():
        pass
    desk.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert lives(int(line))
    started = time.monotonic()
    desk.send_signal(signal.SIGINT)
    assert desk.wait(10) == 128 + signal.SIGINT
    assert time.monotonic() - started < 3
    assert not lives(int(line))
