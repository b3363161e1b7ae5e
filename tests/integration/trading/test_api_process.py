"""The services as processes of their own, with no broker anywhere: the kill switch works, and what they export is
what docs/metrics.md says.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.integration.trading.paper import EXAMPLE, PaperDesk

from tradewind.manifest.plan import plan_strategy

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "metrics.md"
SERVICES = ("ingestion", "ml", "trading", "backtest")
UNITS = ("seconds", "money", "units", "ratio", "total", "state")
COUNTS = {
    "tradewind_epoch",
    "tradewind_replay_instants_left",
    "tradewind_open_positions",
    "tradewind_divergence_instants_behind",
}


def ask(url: str, body: object = None) -> tuple[int, Any]:
    """Ask a process that may still be starting; return the status and the answer."""
    data = None if body is None else json.dumps(body).encode()
    deadline = time.monotonic() + 120
    while True:
        try:
            with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except URLError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@contextmanager
def running(service: str, desk: PaperDesk, url: str, folder: Path) -> Iterator[str]:
    """Run a service without a broker; give its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    plan = plan_strategy(desk.strategy)
    environment = {
        **os.environ,
        **next(one.settings for one in plan.services if one.service == service),
        "TRADEWIND_MANIFEST": str(EXAMPLE),
        "TRADEWIND_DATABASE_URL": url,
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "TRADEWIND_DATA_DIR": str(folder),
        "TRADEWIND_COMPILE_CACHE": str(ROOT / ".pytest_cache" / "compiled"),
        "TRADEWIND_PORT": str(port),
    }
    with (folder / f"{service}.log").open("wb") as log:
        command = [sys.executable, "-m", f"tradewind.{service}"]
        with subprocess.Popen(command, env=environment, stderr=log) as process:
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                try:
                    process.wait(20)
                finally:
                    process.kill()


def documented() -> dict[str, tuple[str, set[str], set[str]]]:
    """Each metric of the page: its type, its labels and the services that export it."""
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|([^|]*)\|[^|]+\|$", PAGE.read_text(), re.M)
    return {
        name: (kind, {w for w in re.split(r",\s*", labels.strip()) if w},
               set(SERVICES) if its.strip() == "all" else set(re.split(r",\s*", its.strip())))
        for name, kind, labels, its in rows
    }  # fmt: skip


def scraped(text: str) -> dict[str, tuple[str, list[Any]]]:
    """Each exported family by the name that the page gives it: its type and its samples."""
    return {
        family.name + ("_total" if family.type == "counter" else ""): (family.type, family.samples)
        for family in text_string_to_metric_families(text)
    }


@pytest.fixture
def desk(database_url: str) -> Iterator[PaperDesk]:
    with PaperDesk(database_url) as desk:
        desk.order()
        desk.day()
        desk.day()
        desk.order(symbol="IBM")
        yield desk


def test_the_kill_switch_works_without_a_broker(database_url: str, desk: PaperDesk, tmp_path: Path) -> None:
    with running("trading", desk, database_url, tmp_path) as url:
        status, problem = ask(f"{url}/readyz")
        assert (status, "broker" in json.loads(problem)["conditions"]) == (503, True)
        status, state = ask(f"{url}/trading-state", {"state": "HALTED", "reason": "the broker is gone"})
        assert (status, json.loads(state)["effective"]) == (200, "HALTED")
        status, done = ask(f"{url}/flatten", {"reason": "out"})
        assert status == 202
        assert [sale["symbol"] for sale in json.loads(done)["sales"]] == ["AAPL"]
        assert [order["symbol"] for order in json.loads(done)["withdrawn"]] == ["IBM"]
        _, metrics = ask(f"{url}/metrics")
    _, samples = scraped(metrics)["tradewind_trading_state"]
    held = {sample.labels["side"]: sample.labels["state"] for sample in samples if sample.value == 1}
    assert held == {
        "MANIFEST": "ACTIVE", "PERSON": "HALTED", "AUTOMATIC": "ACTIVE", "FAULT": "ACTIVE", "EFFECTIVE": "HALTED",
    }  # fmt: skip
    _, requests = scraped(metrics)["tradewind_http_requests_total"]
    routes = {(s.labels["method"], s.labels["route"], s.labels["status"]) for s in requests}
    assert {("POST", "/flatten", "202"), ("POST", "/trading-state", "200"), ("GET", "/readyz", "503")} <= routes


def test_what_is_exported_is_what_the_page_says(database_url: str, desk: PaperDesk, tmp_path: Path) -> None:
    page = documented()
    with ExitStack() as stack:
        urls = {name: stack.enter_context(running(name, desk, database_url, tmp_path)) for name in SERVICES}
        found = {}
        for service, url in urls.items():
            ask(f"{url}/no-such-thing")
            found[service] = scraped(ask(f"{url}/metrics")[1])
    for service, families in found.items():
        ours = {name: its for name, its in families.items() if not name.startswith(("python_", "process_"))}
        assert set(ours) - set(page) == set(), f"{service} exports what the page does not name"
        promised = {name for name, (_, _, services) in page.items() if service in services}
        assert promised - set(ours) == set(), f"{service} does not export what the page promises"
        for name, (kind, samples) in ours.items():
            assert kind == page[name][0], name
            assert not samples or name in promised, f"{service} measures {name}"
            for sample in samples:
                assert set(sample.labels) - {"le"} == page[name][1], name


def test_every_name_ends_in_its_unit() -> None:
    page = documented()
    assert len(page) > 35
    assert len(page) == PAGE.read_text().count("\n| `")
    for name, (kind, _, _) in page.items():
        assert name.startswith("tradewind_")
        assert name.endswith(UNITS) or name in COUNTS, name
        assert (kind == "counter") == name.endswith("_total"), name
