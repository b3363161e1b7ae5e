"""Access to a broker: what fits together, and what librdkafka is told."""

from pathlib import Path
from typing import Any

import pytest

from tradewind.bus.access import AccessError, KafkaAccess


def test_a_broker_without_users_needs_its_address_only() -> None:
    config = KafkaAccess("kafka:9092").client_config()
    assert config["bootstrap.servers"] == "kafka:9092"
    assert config["security.protocol"] == "PLAINTEXT"
    assert not any(name.startswith(("sasl.", "ssl.")) for name in config)


def test_a_user_logs_in_and_the_brokers_certificate_is_checked_against_the_ca(tmp_path: Path) -> None:
    ca = tmp_path / "ca.crt"
    ca.touch()
    access = KafkaAccess("kafka:9093", security_protocol="SASL_SSL", username="trading", password="hush", ca_file=ca)
    config = access.client_config()
    assert config["sasl.mechanism"] == "SCRAM-SHA-512"
    assert (config["sasl.username"], config["sasl.password"]) == ("trading", "hush")
    assert config["ssl.ca.location"] == str(ca)
    assert "hush" not in repr(access)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"security_protocol": "SASL_SSL"}, "needs a user name and a password"),
        ({"security_protocol": "SASL_SSL", "username": "trading"}, "needs a user name and a password"),
        ({"username": "trading", "password": "hush"}, "PLAINTEXT knows none"),
        ({"security_protocol": "SSL", "password": "hush"}, "SSL knows none"),
        ({"ca_file": Path(__file__)}, "PLAINTEXT is not encrypted"),
        ({"security_protocol": "SSL", "ca_file": Path("/nowhere/ca.crt")}, "/nowhere/ca.crt does not exist"),
    ],
)
def test_what_contradicts_itself_is_refused_at_once(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(AccessError, match=message) as refused:
        KafkaAccess("kafka:9092", **fields)
    assert "hush" not in str(refused.value)
