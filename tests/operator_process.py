"""The real operator as a process, as a service account with its own rights; and desks that answer it over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final
from urllib.request import urlopen

import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.api_server import ApiServer
from tests.envtest import free_ports

from tradewind_operator.names import MANAGER
from tradewind_operator.rbac import build_role
from tradewind_operator.settings import OperatorSettings

DATABASE_SECRET: Final = "tradewind-database"


def until(check: Callable[[], Any], seconds: float = 15.0, what: str = "") -> Any:
    """Return what a check gives as soon as it is true."""
    end = time.monotonic() + seconds
    while True:
        given = check()
        if given:
            return given
        assert time.monotonic() < end, f"after {seconds} s: {what or check}"
        time.sleep(0.05)


@dataclass
class Desk:
    """One strategy's desk, as its HTTP API shows it."""

    equity: str = "100000.0000"
    positions: int = 0
    manifest: str = "ACTIVE"
    person: str = "ACTIVE"
    delay: float = 0.0
    up: bool = True
    set_at: float = 0.0
    flattens: list[str] = field(default_factory=list)
    requests: int = 0

    def risk(self) -> dict[str, Any]:
        """What GET /risk says."""
        return {"equity": self.equity, "positions": [{}] * self.positions, "trading_state": self.trading_state()}

    def trading_state(self) -> dict[str, Any]:
        """What GET /trading-state says."""
        order = ("ACTIVE", "REDUCING", "HALTED")
        sides = [{"side": "MANIFEST", "state": self.manifest}, {"side": "PERSON", "state": self.person}]
        return {"effective": max(self.manifest, self.person, key=order.index), "sides": sides}


class Desks:
    """All desks of a test, by the name of their strategy."""

    def __init__(self) -> None:
        self.by_name: dict[str, Desk] = {}
        self.lock = Lock()
        desks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                desks.answer(self, None)

            def do_POST(self) -> None:
                desks.answer(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_: Any) -> None:
                """Say nothing of an operator that was killed while it asked."""

        self.server = Server(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """What the operator is told: where a service answers by its Service's name."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{{name}}"

    def desk(self, name: str) -> Desk:
        """The desk of a strategy."""
        with self.lock:
            return self.by_name.setdefault(name, Desk())

    def answer(self, handler: BaseHTTPRequestHandler, given: Any) -> None:
        """Answer one request."""
        service, _, route = handler.path.strip("/").partition("/")
        name, _, which = service.rpartition("-")
        desk = self.desk(name)
        desk.requests += 1
        time.sleep(desk.delay)
        document: Any = None
        if not desk.up:
            document = None
        elif which == "ml":
            document = {"status": "ready"}
        elif route == "risk":
            document = desk.risk()
        elif route.startswith("signals"):
            document = {"signals": [{"symbol": "AAPL", "side": "BUY", "instant": "2010-01-04T21:00:00Z"}]}
        elif route == "trading-state" and given["side"] == "MANIFEST":
            desk.manifest, desk.set_at = given["state"], time.monotonic()
            document = desk.trading_state()
        elif route == "flatten":
            desk.flattens.append(handler.headers.get("Idempotency-Key", ""))
            document = {}
        body = json.dumps(document).encode()
        handler.send_response(503 if document is None else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()


class Wire:
    """A TCP connection to the API server that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._open: list[socket.socket] = []
        self._cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and let none be made."""
        self._cut = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        """Let connections be made again."""
        self._cut = False

    def close(self) -> None:
        """Stop listening."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._cut:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        source.close()  # the other way's thread closes the other


class OperatorProcess:
    """One operator process; `settings` are its environment, by field."""

    def __init__(self, kubeconfig: Path, namespace: str, folder: Path, **settings: Any) -> None:
        self.namespace = namespace
        self.port = free_ports(1)
        self.log = folder / f"operator-{self.port}.log"
        given = {"namespace": namespace, "port": self.port, "host": "127.0.0.1", "log_format": "text", **settings}
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TRADEWIND_")},
            "KUBECONFIG": str(kubeconfig),
            **{
                f"TRADEWIND_OPERATOR_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
                for name, value in given.items()
            },
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> "OperatorProcess":
        """Start it, and wait until it has caught up."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tradewind_operator"], env=self._environment, stdout=log, stderr=log
            )
        if wait:
            until(
                lambda: self.value("tradewind_operator_leading") == 1.0 and self.ready(), 60, "the operator is not up"
            )
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """Ask it to end; return its status."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()
            self.process = None

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        """Whether /readyz says that it has caught up."""
        assert self.lives, f"the operator ended:\n{self.log.read_text()[-3000:]}"
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def samples(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """Its metrics, by name and labels; empty while it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            return {}
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that have these labels."""
        wanted = labels.items()
        return sum(value for (n, found), value in self.samples().items() if n == name and wanted <= dict(found).items())

    def calls(self) -> dict[tuple[str, str], float]:
        """Requests that it sent to the API server for its work, by (verb, resource); not those that keep it alive."""
        counted: dict[tuple[str, str], float] = {}
        for (name, labels), value in self.samples().items():
            found = dict(labels)
            if name != "tradewind_operator_api_calls_total" or found["resource"] in ("leases", "discovery"):
                continue
            if found["verb"] != "watch":
                pair = found["verb"], found["resource"]
                counted[pair] = counted.get(pair, 0) + value
        # The canary's song is no work.
        return counted


@contextmanager
def operator_access(api: ApiServer, namespace: str, folder: Path, **settings: Any) -> Iterator[Path]:
    """Give a kubeconfig of the operator's own service account, with the rights that it asks for and no others."""
    for body in build_role(OperatorSettings(namespace=namespace, **settings)):
        api.kubectl("apply", "-f", "-", given=json.dumps(body))
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{MANAGER}/token"
    made = api.request("POST", path, {"spec": {"expirationSeconds": 86400}})
    assert made.status_code == 201, made.text
    config = yaml.safe_load(api.kubeconfig.read_text())
    chosen = next(c["context"] for c in config["contexts"] if c["name"] == config["current-context"])
    cluster = next(c for c in config["clusters"] if c["name"] == chosen["cluster"])
    kubeconfig = folder / f"operator-{namespace}.kubeconfig"
    kubeconfig.touch(mode=0o600)
    kubeconfig.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [cluster],
                "users": [{"name": "operator", "user": {"token": made.json()["status"]["token"]}}],
                "contexts": [{"name": "operator", "context": {"cluster": cluster["name"], "user": "operator"}}],
                "current-context": "operator",
            }
        )
    )
    yield kubeconfig


def create_database_secret(api: ApiServer, namespace: str) -> None:
    """Make the Secret that pods need."""
    body = {"metadata": {"name": DATABASE_SECRET}, "stringData": {"url": "postgresql://nobody@nowhere/none"}}
    made = api.request("POST", f"/api/v1/namespaces/{namespace}/secrets", body)
    assert made.status_code == 201, made.text
