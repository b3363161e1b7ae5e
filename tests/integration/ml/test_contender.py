"""An ml service that waits for its turn makes itself ready for it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml

from tradewind.bus.access import KafkaAccess
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import ml_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import connect
from tradewind.store.strategies import register_strategy
from tradewind.store.writer import Writer

QUICKSTART = Path(__file__).resolve().parents[3] / "examples" / "quickstart.yaml"
PATIENCE = 120.0


def unmet(port: int) -> dict[str, str]:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30)
    except urllib.error.HTTPError as refused:
        conditions: dict[str, str] = json.loads(refused.read())["conditions"]
        return conditions
    except OSError:
        pass
    return {}


def test_it_imports_tensorflow_before_it_leads_because_a_leader_would_be_silent_meanwhile(
    database_url: str, kafka: KafkaAccess, tmp_path: Path
) -> None:
    strategy = load_strategy(QUICKSTART)
    plan = plan_strategy(strategy)
    (tmp_path / "strategy.json").write_text(yaml.safe_dump(json.loads(plan.manifest)))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = {
        "MANIFEST": str(tmp_path / "strategy.json"),
        "STRATEGY_ID": plan.strategy_id,
        "FEED_ID": plan.feed_id,
        "DATABASE_URL": database_url,
        "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA_GENERATION": kafka.generation,
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
    }
    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan)
    with Writer(database_url, ml_owner(plan.strategy_id)) as leader, (tmp_path / "log").open("wb") as log:
        assert leader.acquire(threading.Event(), lambda _: None)
        contender = subprocess.Popen(
            [sys.executable, "-m", "tradewind.ml"],
            env={**os.environ, **{f"TRADEWIND_{name}": value for name, value in settings.items()}},
            stderr=log,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            libraries = Path(f"/proc/{contender.pid}/maps")
            while "libtensorflow" not in libraries.read_text() or "writer" not in unmet(port):
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
            assert f":{os.getpid()}, since 20" in unmet(port)["writer"]
        finally:
            contender.send_signal(signal.SIGTERM)
            assert contender.wait(PATIENCE) == 0
