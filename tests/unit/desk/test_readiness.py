import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tradewind.desk.readiness import Readiness, ask_ready

Serve = Callable[[int, bytes], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that answer everything with one status and body; returns the port."""
    servers: list[HTTPServer] = []

    def start(status: int, body: bytes) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return int(server.server_address[1])

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_ready_service_is_ready(serve: Serve) -> None:
    assert ask_ready(serve(200, b'{"status": "ready"}')) == Readiness(True, "ready")


def test_a_service_that_is_not_ready_says_why(serve: Serve) -> None:
    assert ask_ready(serve(503, b'{"detail": "model: training"}')) == Readiness(False, "model: training")


def test_an_answer_that_is_no_problem_document_is_named_by_its_status(serve: Serve) -> None:
    assert ask_ready(serve(500, b"oops")) == Readiness(False, "answers with 500")


def test_a_port_that_no_one_listens_on_is_not_ready(serve: Serve) -> None:
    assert ask_ready(1) == Readiness(False, "does not listen yet")
