"""A service process: it answers, it ends cleanly when asked, and with status 1 when a worker fails."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

PROGRAM = """
import sys, threading, time
from pathlib import Path
from tradewind.runtime import process
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.process import serve
from tradewind.runtime.settings import ServiceSettings

class Work:
    name = "work"
    def run(self, stop):
        health.met("work") if sys.argv[2] == "well" else None
        if sys.argv[2] == "fail":
            raise RuntimeError("broken")
        if sys.argv[2] == "stuck":
            process._LAST_SECONDS = 0.5
            threading.Event().wait()
        if sys.argv[2] == "deaf":
            process._WORKERS_END_SECONDS = 0.5
            threading.Event().wait()
        stop.wait()
        print("the worker ended", flush=True)

health = Health("work")
settings = ServiceSettings(
    manifest="m", strategy_id="s", feed_id="f", database_url="d", kafka_bootstrap_servers="k", data_dir="d",
    port=int(sys.argv[1]), exit_with_parent=sys.argv[3] == "follow",
)
app = create_app("test", health)

@app.get("/slow")
def slow() -> str:
    print("asked", flush=True)
    time.sleep(6)
    return "too late"

sys.exit(serve(app, settings, [Work()]))
"""


def start(port: int, mood: str, follow: str = "alone") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port), mood, follow],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str) -> tuple[int, dict[str, object]]:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly(port: int, way: signal.Signals) -> None:
    with start(port, "well") as process:
        assert ask(port, "/readyz")[0] == 200
        process.send_signal(way)
        output, _ = process.communicate(timeout=20)
    assert output == "the worker ended\n"
    assert process.returncode == 0


def test_who_waits_while_it_ends_is_told_to_come_again(port: int) -> None:
    with start(port, "well") as process, ThreadPoolExecutor(1) as background:
        ask(port, "/readyz")
        waiting = background.submit(ask, port, "/slow")
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        process.terminate()
        status, problem = waiting.result(timeout=20)
        process.communicate(timeout=20)
    assert (status, problem["detail"]) == (503, "the service is ending; try again")
    assert process.returncode == 0


def test_a_worker_that_does_not_end_does_not_keep_the_process(port: int) -> None:
    with start(port, "deaf") as process:
        ask(port, "/healthz")
        process.terminate()
        try:
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 1


def test_it_says_why_it_is_not_ready(port: int) -> None:
    with start(port, "waiting") as process:
        status, problem = ask(port, "/readyz")
        process.terminate()
    assert (status, problem["detail"]) == (503, "work: starting")


def test_a_failing_worker_ends_the_process_with_status_1(port: int) -> None:
    with start(port, "fail") as process:
        assert process.wait(timeout=20) == 1


def test_it_ends_when_its_parent_is_gone(port: int) -> None:
    with start(port, "well", "follow") as process:
        ask(port, "/healthz")
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_it_ends_although_its_parent_was_gone_before_it_started(port: int) -> None:
    with start(port, "well", "follow") as process:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_it_does_not_outlive_its_parent_for_long_even_if_something_hangs(port: int) -> None:
    with start(port, "stuck", "follow") as process:
        ask(port, "/healthz")
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        process.communicate(timeout=20)
    assert process.returncode == 1


def test_a_taken_port_ends_the_process_with_a_status(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with start(port, "well") as process:
            assert process.wait(timeout=20) not in (0, None)


def test_settings_name_the_variable_that_is_missing() -> None:
    code = "from tradewind.runtime.settings import ServiceSettings; ServiceSettings()"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path("/"), env={}, timeout=20
    )
    assert run.returncode == 1
    assert "database_url" in run.stderr
