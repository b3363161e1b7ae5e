"""Settings from the environment: the broker's, and that no error tells a password."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tradewind.runtime.settings import ServiceSettings

NEEDED = {
    "MANIFEST": "m",
    "STRATEGY_ID": "s",
    "FEED_ID": "f",
    "DATABASE_URL": "postgresql://me:secret@db/tradewind",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka:9093",
    "DATA_DIR": "d",
    "PORT": "8000",
}


def settings(monkeypatch: pytest.MonkeyPatch, **more: str) -> ServiceSettings:
    for name, value in {**NEEDED, **more}.items():
        monkeypatch.setenv(f"TRADEWIND_{name}", value)
    return ServiceSettings()


def test_a_broker_without_users_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    access = settings(monkeypatch).kafka
    assert access.bootstrap_servers == "kafka:9093"
    assert access.security_protocol == "PLAINTEXT"


def test_the_environment_says_how_to_log_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ca = tmp_path / "ca.crt"
    ca.touch()
    found = settings(
        monkeypatch,
        KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        KAFKA_SASL_MECHANISM="SCRAM-SHA-256",
        KAFKA_USERNAME="trading",
        KAFKA_PASSWORD="hush",
        KAFKA_CA_FILE=str(ca),
    )
    assert found.kafka.sasl_mechanism == "SCRAM-SHA-256"
    assert (found.kafka.username, found.kafka.password, found.kafka.ca_file) == ("trading", "hush", ca)
    assert "hush" not in repr(found)


def test_a_half_given_login_is_refused_without_telling_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="set the security protocol to SASL_SSL") as refused:
        settings(monkeypatch, KAFKA_USERNAME="trading", KAFKA_PASSWORD="hush")
    assert "hush" not in str(refused.value)
    assert "secret" not in str(refused.value)
