"""The service as a process of its own: it compiles, gets ready, answers and ends when asked to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import connect
from tradewind.store.strategies import register_strategy

MANIFEST = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"
COMPILED = Path(__file__).resolve().parents[3] / ".pytest_cache" / "compiled"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (HTTPError, URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"not ready; exit status {process.poll()}")


def test_it_starts_answers_and_ends_on_sigterm(database_url: str, tmp_path: Path) -> None:
    strategy = load_strategy(MANIFEST)
    plan = plan_strategy(strategy)
    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan)
    port = free_port()
    environment = {
        **os.environ,
        **next(service.settings for service in plan.services if service.service == "backtest"),
        "TRADEWIND_MANIFEST": str(MANIFEST),
        "TRADEWIND_DATABASE_URL": database_url,
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "TRADEWIND_DATA_DIR": str(tmp_path),
        "TRADEWIND_COMPILE_CACHE": str(COMPILED),
        "TRADEWIND_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "tradewind.backtest"], env=environment) as process:
        try:
            wait_until_ready(url, process)
            with urlopen(f"{url}/backtest/portfolio-stats", timeout=5) as answer:
                assert json.load(answer)["account"]["cash"] == "100000.0000"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        finally:
            process.kill()
