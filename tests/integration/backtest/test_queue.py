"""Queued backtests on the real service: processes over real sockets that end, are killed, and take over."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.integration.backtest.test_api import BARS, SMA_CROSS, store_bars
from tests.integration.backtest.test_process import COMPILED, MANIFEST, free_port, wait_until_ready

from tradewind.backtest.stored import run_stored
from tradewind.backtest.tested import read_tested
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import connect
from tradewind.store.roles import service_url
from tradewind.store.strategies import register_strategy

PLAN = plan_strategy(SMA_CROSS)
LOST_SECONDS = 3


def backtest(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "Backtest",
        "metadata": {"name": "tried"},
        "spec": {"strategyRef": {"name": "sma-cross"}, **spec},
    }


FEW = {"parameters": {"fast": {"values": [5, 10]}, "slow": {"values": [20, 30]}}}
SHORT = backtest(sweep=FEW)
FOLDS = backtest(sweep=FEW, walkForward={"train": 100, "test": 50})
LONG = backtest(
    sweep={
        "parameters": {
            "fast": {"from": "2", "to": "300", "step": "1"},
            "slow": {"from": "301", "to": "400", "step": "1"},
        }
    }
)


@pytest.fixture
def stocked_url(database_url: str) -> str:
    with connect(database_url) as connection:
        register_strategy(connection, SMA_CROSS, PLAN)
        store_bars(connection, BARS)
    return database_url


class Service:
    """A running service and its address."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        self.process = process
        self.url = url

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        with urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def post(self, manifest: dict[str, Any]) -> str:
        found = self.ask("POST", "/backtest", {"manifest": manifest})
        assert found["state"] == "QUEUED"
        return f"/backtest/{found['id']}"

    def wait_for(self, path: str, *states: str, seconds: float = 120) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while (found := self.ask("GET", path))["state"] not in states:
            assert time.monotonic() < end, found
            assert self.process.poll() is None
            time.sleep(0.1)
        return found

    def wait_for_progress(self, path: str) -> None:
        end = time.monotonic() + 120
        while (found := self.ask("GET", path))["progress"]["done"] == 0:
            assert found["state"] in ("QUEUED", "RUNNING"), found
            assert time.monotonic() < end, found
            time.sleep(0.1)


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[Service]:
    port = free_port()
    environment = {
        **os.environ,
        **next(service.settings for service in PLAN.services if service.service == "backtest"),
        "TRADEWIND_MANIFEST": str(MANIFEST),
        "TRADEWIND_DATABASE_URL": service_url(database_url, "backtest"),
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "TRADEWIND_DATA_DIR": str(folder),
        "TRADEWIND_COMPILE_CACHE": str(COMPILED),
        "TRADEWIND_PORT": str(port),
        "TRADEWIND_LOST_SECONDS": str(LOST_SECONDS),
    }
    with subprocess.Popen([sys.executable, "-m", "tradewind.backtest"], env=environment) as process:
        try:
            service = Service(process, f"http://127.0.0.1:{port}")
            wait_until_ready(service.url, process)
            yield service
            if process.poll() is None:
                process.terminate()
                assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        finally:
            process.kill()


def runner_of(path: str) -> int:
    """The process that runs a backtest; 0 where there is none."""
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"tradewind.backtest.runner" in words and path.rpartition("/")[2].encode() in words:
            return int(folder.name)
    return 0


def wait_until_gone(path: str) -> None:
    end = time.monotonic() + 10
    while runner_of(path):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_long_work_is_done_canceled_and_killed_one_by_one(stocked_url: str, tmp_path: Path) -> None:
    with running(stocked_url, tmp_path) as service:
        swept = service.wait_for(service.post(SHORT), "SUCCEEDED", "FAILED")
        folded = service.wait_for(service.post(FOLDS), "SUCCEEDED", "FAILED")
        with connect(stocked_url) as connection:
            for found, manifest in ((swept, SHORT), (folded, FOLDS)):
                expected = run_stored(connection, read_tested(manifest, SMA_CROSS, connection))
                assert found["error"] is None
                assert found["result"] == json.loads(json.dumps(expected))
        assert swept["progress"] == {"done": 4, "total": 4}

        canceled = service.post(LONG)
        waiting = service.post(SHORT)
        service.wait_for_progress(canceled)
        assert runner_of(canceled)
        assert service.ask("DELETE", canceled)["state"] == "CANCELED"
        wait_until_gone(canceled)
        assert service.wait_for(waiting, "SUCCEEDED", "FAILED")["state"] == "SUCCEEDED"
        assert service.ask("GET", canceled)["state"] == "CANCELED"

        killed = service.post(LONG)
        service.wait_for_progress(killed)
        os.kill(runner_of(killed), signal.SIGKILL)
        failed = service.wait_for(killed, "FAILED")
        assert "SIGKILL" in failed["error"]
        assert service.wait_for(service.post(SHORT), "SUCCEEDED", "FAILED")["state"] == "SUCCEEDED"

        wrong = backtest(walkForward={"train": 5000, "test": 50})
        failed = service.wait_for(service.post(wrong), "SUCCEEDED", "FAILED")
        assert "FoldError" in failed["traceback"]
        assert failed["error"] in failed["traceback"]
    with connect(stocked_url) as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate.procrastinate_jobs").fetchone() == (0,)


def test_what_a_killed_service_ran_is_run_by_another_once(stocked_url: str, tmp_path: Path) -> None:
    with running(stocked_url, tmp_path) as other:
        with running(stocked_url, tmp_path) as service:
            # Both are busy with one each; the one of the killed service comes to the other.
            both = [service.post(LONG), service.post(LONG)]
            for path in both:
                service.wait_for_progress(path)
            service.process.kill()
            service.process.wait()
        end = time.monotonic() + 120
        while [other.ask("GET", path)["state"] for path in both].count("QUEUED") != 1:
            assert time.monotonic() < end
            time.sleep(0.1)
        states = {path: other.ask("GET", path)["state"] for path in both}
        lost = next(path for path, state in states.items() if state == "QUEUED")
        kept = next(path for path, state in states.items() if state == "RUNNING")
        assert runner_of(lost) == 0
        other.ask("DELETE", kept)
        other.wait_for_progress(lost)
        other.process.kill()
        other.process.wait()
        with running(stocked_url, tmp_path) as third:
            assert "lost twice" in third.wait_for(lost, "FAILED")["error"]
            assert third.ask("GET", kept)["state"] == "CANCELED"
            assert third.wait_for(third.post(SHORT), "SUCCEEDED", "FAILED")["state"] == "SUCCEEDED"


def test_a_service_that_ends_gives_back_what_it_runs(stocked_url: str, tmp_path: Path) -> None:
    with running(stocked_url, tmp_path) as service:
        path = service.post(LONG)
        service.wait_for_progress(path)
    assert runner_of(path) == 0
    with connect(stocked_url) as connection:
        row = connection.execute("SELECT state, attempt, lost, done FROM backtests").fetchone()
        assert row == ("QUEUED", 2, 0, 0)
    with running(stocked_url, tmp_path) as service:
        service.wait_for_progress(path)
        service.ask("DELETE", path)
