"""The backtest service's routes, on real bars in a real database."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tradewind.backtest.api import Limits, add_routes
from tradewind.backtest.report import backtest_rule
from tradewind.backtest.stored import run_stored
from tradewind.backtest.tested import read_tested
from tradewind.backtest.warm_up import CONDITION, WarmUp
from tradewind.domain.bars import Bar
from tradewind.domain.identity import signal_id
from tradewind.ingestion.sources.replay import SOURCE, ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.signals.catalog import RULES
from tradewind.store.database import Connection, connect, open_pool
from tradewind.store.market_data import insert_bars
from tradewind.store.strategies import register_strategy

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SMA_CROSS = load_strategy(EXAMPLES / "sma-cross.yaml")
QUICKSTART = load_strategy(EXAMPLES / "quickstart.yaml")
SAMPLE = ReplaySource(SMA_CROSS.spec.feed.replay, SMA_CROSS.spec.symbols).bars()
BARS = {symbol: bars[:450] for symbol, bars in SAMPLE.items()}
INSERT_SIGNAL = """
    INSERT INTO trading_signals (signal_id, strategy_id, symbol, "interval", close_time, side, model_version, reason)
    VALUES (%s, %s, %s, '1d', %s, %s, 'test', 'test')
"""


def store_bars(connection: Connection, bars: dict[str, list[Bar]]) -> None:
    with connection.transaction():
        for rows in bars.values():
            insert_bars(connection, SOURCE, rows)


def serve(database_url: str, own: TradingStrategy) -> Iterator[TestClient]:
    with connect(database_url) as connection:
        register_strategy(connection, own, plan_strategy(own))
    with open_pool(database_url) as pool:
        app = create_app("backtest", Health())
        add_routes(app, pool, own, Limits(50_000, 2))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    with connect(database_url) as connection:
        store_bars(connection, BARS)
    yield from serve(database_url, SMA_CROSS)


@pytest.fixture
def neural_client(database_url: str) -> Iterator[TestClient]:
    with connect(database_url) as connection:
        store_bars(connection, BARS)
    yield from serve(database_url, QUICKSTART)


def manifest(**spec: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SMA_CROSS.model_dump_json(by_alias=True, exclude_none=True))
    document["spec"] |= spec
    return document


def test_the_services_own_strategy_is_tested_when_none_is_given(client: TestClient) -> None:
    expected = json.loads(json.dumps(backtest_rule(SMA_CROSS, BARS).document()))
    answer = client.post("/backtest")
    assert answer.status_code == 200
    assert answer.json() == expected
    assert client.post("/backtest", json={}).json() == expected
    assert client.post("/backtest", json={"manifest": manifest()}).json() == expected
    counts = expected["counts"]
    assert counts["fills"] > 5
    assert len(expected["trades"]) == expected["metrics"]["closed_trades"] > 0
    assert len(expected["equity"]) == counts["instants"]
    assert expected["baseline"]["exposure"] > 0.9


def test_another_manifest_gives_another_result(client: TestClient) -> None:
    fast = manifest(signal={"model": "SMACross", "parameters": {"fast": "2", "slow": "5"}})
    own, other = client.post("/backtest").json(), client.post("/backtest", json={"manifest": fast}).json()
    assert other["counts"]["signals"] > own["counts"]["signals"]


def test_a_rule_across_symbols_is_tested(client: TestClient) -> None:
    signal = {"model": "MomentumRank", "parameters": {"lookback": "20", "hold": "2", "rebalance": "5"}}
    report = client.post("/backtest", json={"manifest": manifest(signal=signal)}).json()
    assert report["model"] == "MomentumRank"
    assert report["counts"]["fills"] > 10


def test_a_backtest_refers_to_the_services_strategy_and_sets_the_window(client: TestClient) -> None:
    spec = {
        "strategyRef": {"name": "sma-cross"},
        "window": {"from": "2005-06-01", "tradeFrom": "2006-06-01", "to": "2006-09-29"},
    }
    document = {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "Backtest",
        "metadata": {"name": "summer"},
        "spec": spec,
    }
    report = client.post("/backtest", json={"manifest": document}).json()
    assert (report["first"][:10], report["last"][:10]) == ("2006-06-01", "2006-09-29")
    spec["strategyRef"] = {"name": "unknown"}
    answer = client.post("/backtest", json={"manifest": document})
    assert answer.status_code == 404
    assert "no TradingStrategy 'unknown'" in answer.json()["detail"]
    spec["strategyRef"] = {"name": "sma-cross"}
    spec["window"] = {"from": "2007-06-01", "tradeFrom": "2006-06-01", "to": "2006-09-29"}
    answer = client.post("/backtest", json={"manifest": document})
    assert answer.status_code == 422
    assert "from < tradeFrom <= to does not hold" in answer.json()["detail"]


SWEEP = {
    "apiVersion": "tradewind.dev/v1alpha1",
    "kind": "Backtest",
    "metadata": {"name": "tried"},
    "spec": {
        "strategyRef": {"name": "sma-cross"},
        "sweep": {"parameters": {"fast": {"values": [5, 10]}, "slow": {"values": [20, 30]}}},
    },
}


def test_a_small_backtest_is_answered_at_once_and_stored(client: TestClient) -> None:
    answer = client.post("/backtest")
    stored = client.get(answer.headers["location"]).json()
    assert (stored["state"], stored["kind"], stored["name"]) == ("SUCCEEDED", "BACKTEST", "sma-cross")
    assert stored["result"] == answer.json()
    assert stored["requested_at"] <= stored["started_at"] <= stored["finished_at"]
    stats = client.get("/backtest/portfolio-stats", params={"run": stored["id"]}).json()
    assert {name: stats[name] for name in ("metrics", "trades", "equity")} == {
        name: answer.json()[name] for name in ("metrics", "trades", "equity")
    }
    assert stats["account"]["cash"] == answer.json()["final_cash"]


def test_a_registered_strategy_is_tested_by_its_name(client: TestClient, database_url: str) -> None:
    other = manifest(signal={"model": "SMACross", "parameters": {"fast": "2", "slow": "5"}})
    other["metadata"] = {"name": "other"}
    plan = plan_strategy(TradingStrategy.model_validate(other))
    strategy = TradingStrategy.model_validate_json(plan.manifest)
    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan)
    expected = json.loads(json.dumps(backtest_rule(strategy, BARS).document()))
    assert client.post("/backtest", json={"strategy": "other"}).json() == expected
    by_reference = {**SWEEP, "spec": {"strategyRef": {"name": "other"}}}
    assert client.post("/backtest", json={"manifest": by_reference}).json() == expected
    assert client.post("/backtest", json={"strategy": "nobody"}).status_code == 404
    assert client.post("/backtest", json={"strategy": "other", "manifest": other}).status_code == 422


def test_long_work_waits_is_canceled_and_a_full_queue_refuses(client: TestClient) -> None:
    answers = [client.post("/backtest", json={"manifest": SWEEP}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].headers["content-type"] == "application/problem+json"
    assert int(answers[2].headers["retry-after"]) > 0
    waiting = answers[0].json()
    assert (waiting["state"], waiting["kind"], waiting["progress"]) == ("QUEUED", "SWEEP", {"done": 0, "total": 0})
    location = answers[0].headers["location"]
    assert client.get(location).json() == {**waiting, "result": None}
    assert client.get("/backtest/portfolio-stats", params={"run": waiting["id"]}).status_code == 409
    canceled = client.delete(location).json()
    assert (canceled["state"], canceled["error"]) == ("CANCELED", None)
    assert client.delete(location).json() == canceled
    assert client.post("/backtest", json={"manifest": SWEEP}).status_code == 202
    assert client.get("/backtest/portfolio-stats").status_code == 200


def test_a_sweep_that_cannot_be_tried_is_refused_at_once(client: TestClient) -> None:
    wrong = {**SWEEP, "spec": {**SWEEP["spec"], "sweep": {"parameters": {"fats": {"values": [5]}}}}}  # type: ignore[dict-item]
    answer = client.post("/backtest", json={"manifest": wrong})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["spec.sweep.parameters.fats"]


def test_a_key_names_a_request_once(client: TestClient) -> None:
    def ask(key: str, **body: Any) -> Any:
        return client.post("/backtest", json=body, headers={"Idempotency-Key": key})

    first, again = ask("a"), ask("a")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert ask("a", manifest=SWEEP).status_code == 409
    long, same = ask("b", manifest=SWEEP), ask("b", manifest=SWEEP)
    assert same.headers["location"] == long.headers["location"]
    assert len(client.get("/backtest").json()["backtests"]) == 2


def test_backtests_are_listed_page_by_page(client: TestClient) -> None:
    names = [client.post("/backtest").headers["location"] for _ in range(5)]
    queued = client.post("/backtest", json={"manifest": SWEEP}).headers["location"]
    shown: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/backtest", params={"limit": "2", **cursor}).json()
        assert len(page["backtests"]) <= 2
        shown += ["/backtest/" + row["id"] for row in page["backtests"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert shown == [queued, *reversed(names)]
    only = client.get("/backtest", params={"state": "QUEUED"}).json()["backtests"]
    assert ["/backtest/" + row["id"] for row in only] == [queued]
    assert client.get("/backtest", params={"cursor": "nonsense"}).status_code == 422
    assert client.get("/backtest", params={"state": "SLEEPING"}).status_code == 422


def test_an_unknown_backtest_is_a_404(client: TestClient) -> None:
    unknown = "/backtest/7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11"
    assert [client.get(unknown).status_code, client.delete(unknown).status_code] == [404, 404]
    assert client.get("/backtest/nothing").status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"manifest": {}}, 422, "kind"),
        ({"manifest": {"kind": "TradingStrategy"}}, 422, "spec"),
        ({"manifest": manifest(symbols=[])}, 422, "spec.symbols"),
        (
            {"manifest": manifest(signal={"model": "Astrology"})},
            422,
            "'Astrology' is unknown; known are ",
        ),
        ({"manifest": manifest(signal={"model": "PairsSpread"})}, 422, "spec.symbols: PairsSpread needs exactly 2"),
        ({"manifest": manifest(signal={"model": "SMACross", "parameters": {"fast": "-1"}})}, 422, "fast"),
        ({"manifest": manifest(symbols=["AAPL", "ZZZZ"])}, 404, "no bars of ZZZZ"),
        ({"manifest": manifest(signal={"model": "LSTM"})}, 409, "LSTM has no signals on record"),
        # A guard turns some of the rule's signals into HOLD, and only the running strategy knows which.
        (
            {"manifest": manifest(signal={"model": "SMACross", "anomalyGuard": {"contamination": "1%"}})},
            409,
            "SMACross has no signals on record",
        ),
        ({"manifest": 5}, 422, "manifest"),
        ({"manifes": {}}, 422, "manifes"),
    ],
)
def test_bad_input_is_a_problem_document(client: TestClient, body: dict[str, Any], status: int, detail: str) -> None:
    answer = client.post("/backtest", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]


def test_bodies_that_are_no_json_are_refused(client: TestClient) -> None:
    answer = client.post("/backtest", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_network_is_tested_on_its_recorded_signals(neural_client: TestClient, database_url: str) -> None:
    spec = QUICKSTART.spec
    window = {"from": "2005-03-01", "tradeFrom": "2006-03-01", "to": "2013-03-01"}
    document = json.loads(QUICKSTART.model_dump_json(by_alias=True, exclude_none=True))
    document["spec"]["feed"]["replay"] = window
    assert neural_client.post("/backtest", json={"manifest": document}).status_code == 409
    traded = [bar for bar in BARS["AAPL"] if bar.close_time.year == 2006 and bar.close_time.month > 3]
    with connect(database_url) as connection:
        for bar, side in zip(traded, ["BUY", "HOLD", "SELL", "HOLD"] * 5, strict=False):
            name = signal_id(QUICKSTART.id.uid, "AAPL", spec.feed.interval, bar.close_time)
            connection.execute(INSERT_SIGNAL, [name, str(QUICKSTART.id), "AAPL", bar.close_time, side])
    report = neural_client.post("/backtest", json={"manifest": document}).json()
    assert report["counts"]["signals"] == 10
    assert report["counts"]["fills"] == 10
    assert {trade["symbol"] for trade in report["trades"]} == {"AAPL"}
    document["spec"]["signal"]["parameters"]["buyThreshold"] = "0.20%"
    answer = neural_client.post("/backtest", json={"manifest": document})
    assert answer.status_code == 409
    assert "no signals on record" in answer.json()["detail"]
    assert "with these parameters" in answer.json()["detail"]


def test_a_model_s_limits_are_swept_on_its_signals_on_record(neural_client: TestClient, database_url: str) -> None:
    def asked(**spec: Any) -> dict[str, Any]:
        window = {"from": "2005-03-01", "tradeFrom": "2006-03-01", "to": "2006-12-29"}
        document = {
            "metadata": {"name": "tried"},
            "spec": {"strategyRef": {"name": "quickstart"}, "window": window, **spec},
        }
        return {"apiVersion": "tradewind.dev/v1alpha1", "kind": "Backtest", **document}

    limits = {
        "parameters": {"risk.stopLoss": {"values": ["0.1%", "20%"]}, "sizing.fraction": {"values": ["5%", "10%"]}}
    }
    folds = {"train": 60, "test": 30}
    answer = neural_client.post(
        "/backtest", json={"manifest": asked(sweep={"parameters": {"lookback": {"values": [5]}}})}
    )
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["spec.sweep.parameters.lookback"]
    assert "neither trains nor has TensorFlow" in answer.json()["detail"]
    assert "`tradewind backtest -f`, which trains" in answer.json()["detail"]
    for spec in ({"sweep": limits}, {"walkForward": folds}):
        answer = neural_client.post("/backtest", json={"manifest": asked(**spec)})
        assert answer.status_code == 409
        assert "LSTM has no signals on record" in answer.json()["detail"]
    assert neural_client.get("/backtest").json()["backtests"] == []

    traded = [bar for bar in BARS["AAPL"] if bar.close_time.year == 2006 and bar.close_time.month > 3]
    with connect(database_url) as connection:
        for bar, side in zip(traded, ["BUY", "HOLD", "HOLD", "SELL"] * 60, strict=False):
            name = signal_id(QUICKSTART.id.uid, "AAPL", "1d", bar.close_time)
            connection.execute(INSERT_SIGNAL, [name, str(QUICKSTART.id), "AAPL", bar.close_time, side])
    assert neural_client.post("/backtest", json={"manifest": asked(sweep=limits)}).status_code == 202
    with connect(database_url) as connection:
        swept = run_stored(connection, read_tested(asked(sweep=limits), QUICKSTART, connection))
        trials = swept["sweep"]["trials"]
        assert [trial["parameters"]["risk.stopLoss"] for trial in trials] == ["0.1%", "0.1%", "20%", "20%"]
        assert all(trial["metrics"]["fills"] > 10 for trial in trials)
        assert len({trial["metrics"]["total_return"] for trial in trials}) == 4
        assert swept["manifest"]["spec"]["sweep"]["parameters"].keys() == limits["parameters"].keys()
        walked = run_stored(connection, read_tested(asked(sweep=limits, walkForward=folds), QUICKSTART, connection))
    found = walked["walk_forward"]
    assert found["trials"] == 4 * len(found["folds"])
    assert all(fold["picked_on"] == fold["train"] for fold in found["folds"])
    assert found["metrics"]["fills"] > 0


def test_the_live_account(client: TestClient) -> None:
    stats = client.get("/backtest/portfolio-stats").json()
    assert stats["account"]["equity"] == "100000.0000"
    assert (stats["trades"], stats["equity"]) == ([], [])
    assert stats["metrics"]["total_return"] is None
    assert stats["metrics"]["initial_equity"] == "100000.0000"


def test_no_account_is_a_404(database_url: str) -> None:
    with open_pool(database_url) as pool:
        app = create_app("backtest", Health())
        add_routes(app, pool, SMA_CROSS, Limits(50_000, 2))
        with TestClient(app, raise_server_exceptions=False) as client:
            answer = client.get("/backtest/portfolio-stats")
            assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
            assert client.post("/backtest").status_code == 404


def test_strategies_with_their_bounds(client: TestClient) -> None:
    listed = {strategy["name"]: strategy for strategy in client.get("/backtest/strategies").json()["strategies"]}
    assert set(listed) == {"LSTM", *RULES}
    kinds = [listed[name]["kind"] for name in ("LSTM", "SMACross", "PairsSpread")]
    assert kinds == ["neural", "rule", "cross-symbol"]
    assert listed["SMACross"]["parameters"][0] == {
        "name": "fast",
        "description": "closes in the fast average",
        "default": 10,
        "minimum": 1,
        "maximum": 1000,
        "whole": True,
    }


def test_the_service_is_ready_once_it_has_compiled() -> None:
    health = Health(CONDITION)
    with TestClient(create_app("backtest", health)) as client:
        assert client.get("/readyz").status_code == 503
        WarmUp(health, SMA_CROSS).run(threading.Event())
        assert client.get("/readyz").status_code == 200
