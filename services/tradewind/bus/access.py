"""Access to a broker, as one value."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

EMBEDDED: Final = "embedded"
"""Stands for the broker that a desk runs itself, where one is named."""
SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class AccessError(ValueError):
    """Settings of a broker that contradict each other, or a file of theirs that is missing."""


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """Where a broker is and how a client proves who it is.

    Args:
        bootstrap_servers: host:port, comma-separated.
        generation: id of this start of an embedded broker, which remembers nothing; empty for a real one.
        security_protocol: whether the wire is encrypted (SSL), and whether users log in (SASL).
        sasl_mechanism: how they log in, used with a SASL protocol only.
        username: who logs in.
        password: is never shown.
        ca_file: certificates that sign the brokers' own, as PEM; the system's where None.

    Raises:
        AccessError: a user without SASL or SASL without one, a CA without TLS, or no such CA file.
    """

    bootstrap_servers: str
    generation: str = ""
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.security_protocol.startswith("SASL_"):
            if not self.username or not self.password:
                raise AccessError(f"Kafka's {self.security_protocol} needs a user name and a password")
        elif self.username or self.password:
            raise AccessError(
                f"a Kafka user is given, but {self.security_protocol} knows none: set the security protocol to SASL_SSL"
            )
        if self.ca_file is not None:
            if not self.security_protocol.endswith("SSL"):
                raise AccessError(f"a CA file for Kafka is given, but {self.security_protocol} is not encrypted")
            if not self.ca_file.is_file():
                raise AccessError(f"Kafka's CA file {self.ca_file} does not exist")

    def client_config(self) -> dict[str, Any]:
        """Return what librdkafka needs to know to connect."""
        config: dict[str, Any] = {
            "bootstrap.servers": self.bootstrap_servers,
            "client.id": "tradewind",
            "security.protocol": self.security_protocol,
            "socket.keepalive.enable": True,
            # A broker that comes back is found within 2 s.
            "reconnect.backoff.max.ms": 2_000,
        }
        if self.username:
            config |= {
                "sasl.mechanism": self.sasl_mechanism,
                "sasl.username": self.username,
                "sasl.password": self.password,
            }
        if self.ca_file is not None:
            config["ssl.ca.location"] = str(self.ca_file)
        return config
