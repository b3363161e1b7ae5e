"""Every service as it runs, each with its own role's rights alone: nothing that it does is refused."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
import yaml

from tradewind.bus.access import KafkaAccess
from tradewind.manifest.load import parse_resource
from tradewind.manifest.plan import Plan, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection, connect
from tradewind.store.models import ModelRecord, add_model, read_latest_model
from tradewind.store.roles import service_url
from tradewind.store.strategies import register_strategy

# The window has AAPL's split of 2005-02-28 in it.
MANIFEST = """
apiVersion: tradewind.dev/v1alpha1
kind: TradingStrategy
metadata: {name: roles}
spec:
  symbols: [AAPL, IBM]
  feed: {source: Replay, interval: 1d, replay: {from: "2004-06-01", tradeFrom: "2005-02-01", to: "2005-06-30"}}
  signal: {model: SMACross, parameters: {fast: "2", slow: "5"}, anomalyGuard: {contamination: "1%"}}
  risk: {maxPosition: "50%", maxConcentration: "50%", stopLoss: "5%", takeProfit: "10%", maxDailyLoss: "5%"}
  account: {currency: USD, initialCash: "100000"}
  broker: {type: Paper, fee: "0.05%", slippage: "0.02%"}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(plan: Plan, database_url: str, kafka: KafkaAccess, folder: Path) -> Iterator[dict[str, httpx2.Client]]:
    """Run every service of a plan with the rights of its role; give a client for each."""
    manifest = folder / "manifest.json"
    manifest.write_text(plan.manifest)
    with ExitStack() as stack:
        clients: dict[str, httpx2.Client] = {}
        for service in plan.services:
            port = free_port()
            environment = {
                **os.environ,
                **service.settings,
                "TRADEWIND_MANIFEST": str(manifest),
                "TRADEWIND_DATA_DIR": str(folder),
                "TRADEWIND_PORT": str(port),
                "TRADEWIND_DATABASE_URL": service_url(database_url, service.service),
                "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
                "TRADEWIND_KAFKA_GENERATION": kafka.generation,
            }
            log = stack.enter_context((folder / f"{service.service}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", service.module], env=environment, stdout=log, stderr=subprocess.STDOUT
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            clients[service.service] = stack.enter_context(
                httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, headers={"Connection": "close"})
            )
        yield clients


def wait_for(what: str, condition: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        logs = {file.name: file.read_text()[-2000:] for file in folder.glob("*.log")}
        assert time.monotonic() < deadline, (what, logs)
        assert "InsufficientPrivilege" not in str(logs), logs
        time.sleep(0.1)


def is_ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx2.TransportError:
        return False


def ask_everything(client: httpx2.Client, names: dict[str, str]) -> dict[str, int]:
    """Send a GET to every route that has one; return the status of each."""
    document = client.get("/openapi.json").json()
    return {
        path: client.get(path.format_map(names)).status_code
        for path, methods in document["paths"].items()
        if "get" in methods
    }


def number(connection: Connection, text: str) -> int:
    row = connection.execute(text.encode()).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def strategy() -> TradingStrategy:
    found = parse_resource(yaml.safe_load(MANIFEST), Path("roles.yaml"))
    assert isinstance(found, TradingStrategy)
    return found


def test_every_service_does_its_work_with_its_own_rights(
    database_url: str, kafka: KafkaAccess, strategy: TradingStrategy, tmp_path: Path
) -> None:
    plan = plan_strategy(strategy)
    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan)
        with running(plan, database_url, kafka, tmp_path) as clients:
            wait_for("all are ready", lambda: all(map(is_ready, clients.values())), tmp_path)
            last = "SELECT count(*) FROM instants WHERE instant >= '2005-06-30'"
            wait_for("the replay is decided", lambda: number(connection, last) == 1, tmp_path)
            done = "SELECT count(*) FROM list_partitions('market_data')"
            wait_for("maintenance has run", lambda: number(connection, done) > 2, tmp_path)

            statuses = trade_by_hand(clients["trading"])
            statuses |= {
                "ingest": clients["ingestion"].post("/ingest/IBM").status_code,
                "predict": clients["ml"].post("/predict/IBM").status_code,
                "anomaly": clients["ml"].post("/detect-anomaly/IBM").status_code,
                "backtest": clients["backtest"].post("/backtest").status_code,
            }
            order = clients["trading"].get("/orders").json()["orders"][0]["client_order_id"]
            run = clients["backtest"].get("/backtest").json()["backtests"][0]["id"]
            names = {"order_id": order, "symbol": "IBM", "backtest": run}
            for service, client in clients.items():
                for path, status in ask_everything(client, names).items():
                    statuses[f"{service} {path}"] = status
            assert {what: status for what, status in statuses.items() if status >= 400} == {}
            assert len(statuses) > 25
        assert number(connection, "SELECT count(*) FROM trades") > 5
        assert number(connection, "SELECT count(*) FROM analytics.position_history WHERE cause = 'SPLIT'") >= 0
        assert number(connection, "SELECT count(*) FROM analytics.account_balances WHERE agrees") == 1
        assert number(connection, "SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0
    logs = "".join(file.read_text() for file in tmp_path.glob("*.log"))
    assert "permission denied" not in logs
    assert "worker failed" not in logs


def trade_by_hand(client: httpx2.Client) -> dict[str, int]:
    """Do what a person may do with a desk; return the status of each answer."""

    def order(**changes: Any) -> dict[str, Any]:
        return {"symbol": "IBM", "side": "BUY", "quantity": "1", "client_order_id": str(uuid4()), **changes}

    statuses = {}
    canceled, replaced = order(), order()
    statuses["order"] = client.post("/orders", json=canceled, headers={"Idempotency-Key": "a"}).status_code
    statuses["same order"] = client.post("/orders", json=canceled, headers={"Idempotency-Key": "a"}).status_code
    statuses["cancel"] = client.delete(f"/orders/{canceled['client_order_id']}").status_code
    statuses["another order"] = client.post("/orders", json=replaced).status_code
    statuses["replace"] = client.patch(
        f"/orders/{replaced['client_order_id']}", json={"quantity": "2"}, headers={"Idempotency-Key": "b"}
    ).status_code
    for state in ("REDUCING", "HALTED", "ACTIVE"):
        statuses[state] = client.post("/trading-state", json={"state": state, "reason": "a test"}).status_code
    statuses["flatten"] = client.post(
        "/flatten", json={"reason": "a test"}, headers={"Idempotency-Key": "c"}
    ).status_code
    return statuses


def test_the_ml_service_keeps_its_models_with_its_own_rights(each_database: str, strategy: TradingStrategy) -> None:
    with connect(each_database) as connection:
        register_strategy(connection, strategy, plan_strategy(strategy))
    model = ModelRecord("lstm-1", datetime(2020, 1, 1, tzinfo=UTC), "abc", "models/lstm-1", {"lookback": "60"}, {})
    with connect(service_url(each_database, "ml")) as connection:
        add_model(connection, str(strategy.id), model)
        add_model(connection, str(strategy.id), model)
        assert read_latest_model(connection, str(strategy.id)) == model
    with connect(service_url(each_database, "trading")) as connection, pytest.raises(psycopg.Error):
        read_latest_model(connection, str(strategy.id))
