"""`tradewind up` as a process: what it says, and how it ends."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.desk.running import SERVICES, SMA_CROSS, Up, listens, lives, wait_for

BOTH = {f"{strategy}/{service}" for strategy in ("sma-cross", "team.fast") for service in SERVICES}


@pytest.fixture
def ports() -> dict[str, int]:
    """A free port for each service."""
    probes = [socket.socket() for _ in SERVICES]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = {name: int(probe.getsockname()[1]) for name, probe in zip(SERVICES, probes, strict=True)}
    for probe in probes:
        probe.close()
    return found


@pytest.fixture
def desk(ports: dict[str, int]) -> Iterator[Up]:
    """A desk that runs the SMACross example on ports of the test's choice."""
    with Up([SMA_CROSS], *(f"--{service}-port={port}" for service, port in ports.items())) as up:
        yield up


@pytest.fixture
def two_strategies(tmp_path: Path) -> Iterator[Up]:
    """A desk that runs the SMACross example and a faster one of another namespace, from one file."""
    text = SMA_CROSS.read_text()
    manifest = tmp_path / "both.yaml"
    faster = text.replace("{name: sma-cross}", "{name: fast, namespace: team}").replace('fast: "10"', 'fast: "5"')
    manifest.write_text(f"{text}\n---\n{faster}")
    with Up([manifest]) as up:
        yield up


def test_status_shows_readiness_and_a_restart_and_ctrl_c_ends_everything(desk: Up, ports: dict[str, int]) -> None:
    desk.wait_until_ready()
    before = desk.processes()
    assert set(before) == {"postgres", "broker", *(f"sma-cross/{service}" for service in SERVICES)}
    assert all(shown["process"]["state"] == "running" for shown in before.values())
    for service in SERVICES:
        assert before[f"sma-cross/{service}"]["readiness"] == {"ready": True, "reason": "ready"}
    overview = desk.overview()
    assert (overview["database"], overview["broker"]) == ("embedded", "embedded")

    desk.kill("sma-cross/backtest")
    desk.wait_until_said("sma-cross/backtest ended with SIGKILL and was started again")
    after = desk.processes()["sma-cross/backtest"]["process"]
    assert (after["restarts"], after["last_exit"]) == (1, -signal.SIGKILL)
    assert after["port"] == ports["backtest"]

    pids = [shown["process"]["pid"] for shown in desk.processes().values()]
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert "everything has ended" in desk.said()
    assert not any(lives(pid) for pid in pids)
    assert not any(listens(port) for port in ports.values())
    assert (desk.data_dir / "postgres" / "PG_VERSION").exists()


def test_ctrl_c_while_starting_ends_everything(desk: Up, ports: dict[str, int]) -> None:
    wait_for(lambda: (desk.data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL's start")
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert not any(listens(port) for port in ports.values())
    assert not (desk.data_dir / "postgres" / "postmaster.pid").exists()


def test_ctrl_c_twice_ends_at_once_and_leaves_nothing(desk: Up, ports: dict[str, int]) -> None:
    desk.wait_until_ready()
    pids = [shown["process"]["pid"] for shown in desk.processes().values()]
    started = time.monotonic()
    desk.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert time.monotonic() - started < 5
    assert not any(lives(pid) for pid in pids)
    assert not any(listens(port) for port in ports.values())


def test_several_strategies_run_side_by_side_and_one_that_keeps_failing_leaves_the_others_alone(
    two_strategies: Up,
) -> None:
    desk = two_strategies
    desk.wait_until_ready()
    overview, before = desk.overview(), desk.processes()
    assert set(before) == {"postgres", "broker", *BOTH}
    ports = {
        f"{strategy['name']}/{service}": port
        for strategy in overview["strategies"]
        for service, port in strategy["ports"].items()
    }
    assert set(ports) == BOTH
    assert len(set(ports.values())) == 8
    for name, port in ports.items():
        assert before[name]["process"]["port"] == port
        assert f"{name} is ready: http://127.0.0.1:{port}/docs" in desk.said()
        assert (desk.data_dir / "logs" / f"{name.replace('/', '.')}.log").is_file()

    desk.kill("team.fast/backtest")
    wait_for(lambda: not listens(ports["team.fast/backtest"]), "the end of what was killed")
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", ports["team.fast/backtest"]))
        thief.listen()
        desk.wait_until_said(r"team.fast/backtest ended with 3 and was started again \(2 times so far\)")
        wait_for(lambda: desk.processes()["team.fast/backtest"]["process"]["failures"] >= 3, "a third failure")
        failing = desk.processes()["team.fast/backtest"]
        assert not failing["readiness"]["ready"]
        assert "times in a row soon after its start" in failing["readiness"]["reason"]
    wait_for(lambda: desk.processes()["team.fast/backtest"]["readiness"]["ready"], "its return on the same port")

    after = desk.processes()
    assert after["team.fast/backtest"]["process"]["port"] == ports["team.fast/backtest"]
    for name in (set(before) - {"team.fast/backtest"}) | {"postgres", "broker"}:
        assert after[name]["process"]["pid"] == before[name]["process"]["pid"]


def test_kill_9_of_a_desk_of_several_strategies_leaves_nothing(two_strategies: Up) -> None:
    desk = two_strategies
    wait_for(
        lambda: desk.status("--json") != "null\n" and bool(desk.processes()["team.fast/ml"]["process"]["pid"]), "start"
    )
    pids = [shown["process"]["pid"] for shown in desk.processes().values()]
    assert len(pids) == 10
    desk.process.kill()
    desk.process.wait()
    wait_for(lambda: not any(pid and lives(pid) for pid in pids), "the end of every process")
