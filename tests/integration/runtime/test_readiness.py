"""/readyz tells the truth: what a service stands on is looked at when it is asked."""

import subprocess
import sys
import tempfile
from json import loads
from pathlib import Path

import psycopg
from fastapi.testclient import TestClient

from tradewind.bus.access import KafkaAccess
from tradewind.bus.producer import Producer
from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.probes import foundation_probes
from tradewind.store.database import open_pool


def test_a_service_is_not_ready_while_its_database_is_gone_and_ready_again_after(kafka: KafkaAccess) -> None:
    producer = Producer(kafka)
    with tempfile.TemporaryDirectory(prefix="tradewind-tests-") as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", Path(folder) / "log")
        with server, open_pool(server.url) as pool:
            client = TestClient(create_app("test", Health(probes=foundation_probes(pool, producer))))
            assert client.get("/readyz").status_code == 200
            server.stop()
            gone = client.get("/readyz")
            assert gone.status_code == 503
            assert "the database does not answer" in gone.json()["conditions"]["database"]
            with server:
                assert client.get("/readyz").status_code == 200


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used(database_url: str) -> None:
    with open_pool(database_url, size=1) as pool:
        with pool.connection() as connection:
            pid = connection.info.backend_pid
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with pool.connection() as connection:
            assert connection.info.backend_pid != pid


def test_a_service_is_not_ready_while_no_broker_answers(database_url: str) -> None:
    command = [sys.executable, "-m", "tradewind.bus.embedded"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        open_pool(database_url) as pool,
    ):
        assert process.stdout is not None
        producer = Producer(KafkaAccess(**loads(process.stdout.readline())))
        client = TestClient(create_app("test", Health(probes=foundation_probes(pool, producer))))
        assert client.get("/readyz").status_code == 200
        process.kill()
        process.wait()
        assert set(client.get("/readyz").json()["conditions"]) == {"broker"}
