"""Real brokers: one that somebody else runs, and Apache Kafka run by the desk."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.brokers import running_kit
from tests.integration.desk.running import SMA_CROSS, Up, lives, wait_for

from tradewind.bus.access import KafkaAccess

EVERYTHING = {"postgres", "sma-cross/trading", "sma-cross/ml", "sma-cross/ingestion", "sma-cross/backtest"}


@pytest.fixture(autouse=True)
def _no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the person who runs the tests has exported is not for these desks."""
    for name in [name for name in os.environ if name.startswith("TRADEWIND_KAFKA")]:
        monkeypatch.delenv(name)


def login(access: KafkaAccess) -> dict[str, str]:
    """The variables by which a person tells the command how to log in."""
    return {
        "TRADEWIND_KAFKA": access.bootstrap_servers,
        "TRADEWIND_KAFKA_SECURITY_PROTOCOL": access.security_protocol,
        "TRADEWIND_KAFKA_SASL_MECHANISM": access.sasl_mechanism,
        "TRADEWIND_KAFKA_USERNAME": access.username,
        "TRADEWIND_KAFKA_PASSWORD": access.password,
        "TRADEWIND_KAFKA_CA_FILE": str(access.ca_file or ""),
    }


def refusal(environment: Mapping[str, str], data_dir: Path) -> str:
    """What `tradewind up` says on standard error, having started nothing."""
    command = [sys.executable, "-m", "tradewind.desk", "up", "-f", str(SMA_CROSS), f"--data-dir={data_dir}"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **environment}
    )
    assert done.returncode == 2, done.stderr
    assert not (data_dir / "run" / "status.json").exists()
    assert not (data_dir / "postgres").exists()
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_broker_that_does_not_answer_is_named(tmp_path: Path) -> None:
    said = refusal({"TRADEWIND_KAFKA": "127.0.0.1:1"}, tmp_path)
    assert "no Kafka broker answers at 127.0.0.1:1: " in said
    assert "set --kafka and, where it asks for a login, the TRADEWIND_KAFKA_ variables right" in said


def test_a_desk_runs_on_somebody_elses_broker(real_kafka: KafkaAccess) -> None:
    with Up([SMA_CROSS], environment=login(real_kafka)) as desk:
        desk.wait_until_ready()
        assert set(desk.processes()) == EVERYTHING
        assert desk.overview()["broker"] == real_kafka.bootstrap_servers


def test_a_login_is_passed_on_and_kept_to_itself_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    with running_kit("--secure") as kit:
        wrong = replace(kit.access, password="wrong-horse")
        said = refusal(login(wrong), tmp_path)
        assert f"Kafka at {kit.access.bootstrap_servers} refuses user 'admin': the name, the password or" in said
        assert "wrong-horse" not in said

        with Up([SMA_CROSS], environment=login(kit.access)) as desk:
            desk.wait_until_ready()
            pids = [shown["process"]["pid"] for shown in desk.processes().values()]
            shown = [desk.said(), desk.status(), desk.status("--json")]
            shown += [path.read_text() for path in desk.data_dir.glob("[rl]*/*")]
            shown += [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids]
            assert not any(kit.access.password in text for text in shown)


def test_the_desk_runs_apache_kafka_and_starts_it_again_when_it_dies() -> None:
    with Up([SMA_CROSS], "--kafka", "embedded-jvm") as desk:
        desk.wait_until_ready()
        before = desk.processes()
        assert set(before) == EVERYTHING | {"broker"}
        desk.kill("broker")

        def trades_again() -> bool:
            trading = desk.processes()["sma-cross/trading"]
            was = before["sma-cross/trading"]["process"]["pid"]
            return bool(trading["process"]["pid"] != was and trading["readiness"]["ready"])

        wait_for(trades_again, "that trading is ready again, with the new broker")
        assert desk.processes()["broker"]["process"]["restarts"] >= 1
        jvm = int((desk.data_dir / "kafka" / "jvm.lock").read_text())
        assert lives(jvm)
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait(60) == 0
        assert not lives(jvm)
