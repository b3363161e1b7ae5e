"""The ml service as a process: trains, signals, answers, retrains, and comes back without training again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA
from tradewind.bus.producer import Outgoing, Producer
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import ml_owner, trading_owner
from tradewind.manifest.plan import Plan, plan_strategy
from tradewind.ml.batch import give_signals
from tradewind.store.database import connect
from tradewind.store.strategies import register_strategy
from tradewind.store.watermarks import advance_watermark

MANIFEST = """
apiVersion: tradewind.dev/v1alpha1
kind: TradingStrategy
metadata: {name: neural}
spec:
  symbols: [AAPL, IBM]
  feed: {source: Replay, interval: 1d, replay: {from: "2005-03-01", tradeFrom: "2006-03-01", to: "2006-05-31"}}
  signal:
    model: LSTM
    parameters: {lookback: "5", units: "4", epochs: "1"}
    anomalyGuard: {contamination: "1%"}
  account: {currency: USD, initialCash: "100000"}
  broker: {type: Paper}
"""
PATIENCE = 120.0

# Keras turns its tensors into arrays the way NumPy 1 wanted it.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")


class Services:
    """Ingestion and ml of one strategy, as processes."""

    def __init__(self, folder: Path, database_url: str, kafka: KafkaAccess, manifest: str = MANIFEST) -> None:
        self.folder = folder
        self.database_url = database_url
        self.kafka = kafka
        self.manifest = folder / "strategy.yaml"
        self.manifest.write_text(manifest)
        strategy = load_strategy(self.manifest)
        self.plan: Plan = plan_strategy(strategy)
        with connect(database_url) as connection:
            register_strategy(connection, strategy, self.plan)

    @contextmanager
    def running(self, service: str) -> Iterator[httpx2.Client]:
        """Run a service until the block ends, then stop it as the desk does."""
        port = free_port()
        with (self.folder / f"{service}.log").open("ab") as log:
            command = [sys.executable, "-m", f"tradewind.{service}"]
            process = subprocess.Popen(command, stderr=log, env=self.environment(port))
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield client
        finally:
            process.terminate()
            assert process.wait(30) == 0, self.log(service)

    def environment(self, port: int) -> dict[str, str]:
        settings = {
            "manifest": str(self.manifest),
            "strategy_id": self.plan.strategy_id,
            "feed_id": self.plan.feed_id,
            "database_url": self.database_url,
            "kafka_bootstrap_servers": self.kafka.bootstrap_servers,
            "kafka_generation": self.kafka.generation,
            "data_dir": str(self.folder / "data"),
            "port": str(port),
        }
        return {**os.environ, **{f"TRADEWIND_{name.upper()}": value for name, value in settings.items()}}

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()[-5000:]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connect(self.database_url) as connection:
            return connection.execute(statement.encode()).fetchall()

    def signals(self) -> int:
        return int(self.rows("SELECT count(*) FROM trading_signals")[0][0])

    def wait(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, f"{what}\n{self.log('ml')}"
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def services(tmp_path: Path, database_url: str, kafka: KafkaAccess) -> Services:
    return Services(tmp_path, database_url, kafka)


def test_a_neural_strategy_from_training_to_retraining_and_back(services: Services) -> None:
    with services.running("ingestion"):
        with services.running("ml") as ml:
            services.wait(lambda: is_ready(ml), "the service never became ready")
            services.wait(lambda: services.signals() >= 64, "the first instants were never signalled")
            [(first, through, metrics)] = services.rows("SELECT model_version, trained_through, metrics FROM models")
            assert through == datetime(2006, 2, 28, 21, tzinfo=UTC)
            assert metrics["summary"].startswith(("no edge: ", "edge: "))
            check_answers(ml, first)
            check_batch(services, first)
            check_dead_letter(services)
            check_retraining(services, ml, first)
        with services.running("ml") as ml:
            services.wait(lambda: is_ready(ml), "the service never came back")
            assert ml.post("/predict/IBM").json()["model_version"] != first
    assert services.rows("SELECT count(*) FROM models") == [(2,)]
    assert services.rows("SELECT count(*), count(DISTINCT (symbol, close_time)) FROM trading_signals") == [(128, 128)]


def check_answers(ml: httpx2.Client, version: str) -> None:
    prediction = ml.post("/predict/AAPL").json()
    assert prediction["model_version"] == version
    assert prediction["side"] in {"BUY", "SELL", "HOLD"}
    assert abs(float(prediction["expected_return"])) < 0.2
    assert 0.5 <= float(prediction["confidence"]) <= 1
    verdict = ml.post("/detect-anomaly/AAPL").json()
    assert verdict["anomalous"] == (float(verdict["score"]) > float(verdict["threshold"]))
    assert verdict == {
        **prediction["anomaly"],
        **{key: verdict[key] for key in ("symbol", "close_time", "model_version")},
    }
    for route in ("/predict/NOPE", "/detect-anomaly/NOPE"):
        answer = ml.post(route)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "NOPE is not a symbol of this strategy; it trades AAPL, IBM"


def check_batch(services: Services, version: str) -> None:
    """A backtest's signals are the live ones, to the last unit."""
    strategy = load_strategy(services.manifest)
    bars = ReplaySource(strategy.spec.feed.replay, strategy.spec.symbols).bars()
    batch = give_signals(strategy, bars, services.folder / "data", lambda *_: pytest.fail("it trained again"))
    assert batch.model_version == version
    assert batch.evaluation is not None
    assert len(batch.opinions) == 128
    live = services.rows(
        "SELECT symbol, close_time, side, expected_return, confidence, reason FROM trading_signals "
        "ORDER BY close_time, symbol LIMIT 64"
    )
    for symbol, close, side, expected, confidence, reason in live:
        decision = batch.opinions[symbol, close].decision
        assert (decision.side.name, decision.reason) == (side, reason)
        assert (decision.expected_return, decision.confidence) == (expected * 10**8, confidence * 10**8)


def check_dead_letter(services: Services) -> None:
    kafka = services.kafka
    Producer(kafka).publish([Outgoing(MARKET_DATA, b"key", b"{not json", {})])
    find = "SELECT key, value, headers FROM outbox WHERE topic = 'market_data.dlq' AND value = '{not json'"
    services.wait(lambda: len(services.rows(find)) > 0, "no dead letter")
    [(key, _, headers)] = services.rows(find)
    assert key == b"key"
    assert headers["group"] == ml_owner(services.plan.strategy_id)
    assert headers["topic"] == "market_data"
    assert "malformed" in headers["error"]


def check_retraining(services: Services, ml: httpx2.Client, first: str) -> None:
    answer = ml.post("/retrain")
    assert answer.status_code == 202
    assert answer.json()["model_in_use"] == first
    assert ml.post("/retrain").status_code == 409
    services.wait(lambda: ml.post("/predict/AAPL").json()["model_version"] != first, "no retrained model")
    [(last,)] = services.rows("SELECT max(close_time) FROM trading_signals")
    assert services.rows("SELECT max(trained_through) FROM models") == [(last,)]
    # The replay waits for the trading service, which does not run here: this moves it on.
    with connect(services.database_url) as connection:
        advance_watermark(connection, trading_owner(services.plan.strategy_id), last)
    services.wait(lambda: services.signals() == 128, "the rest was never signalled")
    versions = services.rows("SELECT model_version, max(close_time) FROM trading_signals GROUP BY 1 ORDER BY 2")
    assert [version == first for version, _ in versions] == [True, False]
    assert versions[0][1] == last


def test_a_rule_strategy_has_no_guard_to_ask_and_nothing_to_train(
    tmp_path: Path, database_url: str, kafka: KafkaAccess
) -> None:
    manifest = MANIFEST.replace("neural", "ruled").replace("model: LSTM", "model: SMACross")
    manifest = manifest.replace('{lookback: "5", units: "4", epochs: "1"}', "{}")
    manifest = manifest.replace('    anomalyGuard: {contamination: "1%"}\n', "")
    services = Services(tmp_path, database_url, kafka, manifest)
    with services.running("ml") as ml:
        services.wait(lambda: "waiting for the feed's history" in reasons(ml), "it never waited for history")
        assert ml.post("/predict/AAPL").status_code == 503
        with services.running("ingestion"):
            services.wait(lambda: is_ready(ml), "the service never became ready")
            assert ml.post("/predict/AAPL").json()["anomaly"] is None
            for route, words in (("/detect-anomaly/AAPL", "no anomaly guard"), ("/retrain", "SMACross is a rule")):
                answer = ml.post(route)
                assert answer.status_code == 409
                assert words in answer.json()["detail"]


def reasons(client: httpx2.Client) -> str:
    try:
        return client.get("/readyz").text
    except httpx2.TransportError:
        return ""


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("model: LSTM", "model: Oracle", "spec.signal.model: 'Oracle' is unknown"),
        ('lookback: "5"', 'lookback: "0"', "spec.signal.parameters.lookback: '0' is not between 2 and 500"),
    ],
)
def test_a_signal_that_can_not_work_ends_the_process_with_a_clear_error(
    services: Services, was: str, now: str, words: str
) -> None:
    services.manifest.write_text(MANIFEST.replace(was, now))
    command = [sys.executable, "-m", "tradewind.ml"]
    ended = subprocess.run(
        command, env=services.environment(free_port()), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
