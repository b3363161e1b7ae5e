"""Why a client has no broker: librdkafka's calls only say that time ran out, and its callbacks say the rest."""

from collections.abc import Sequence
from typing import Final

from confluent_kafka import KafkaError, KafkaException

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import (
    BrokerUnreachableError,
    BusError,
    LoginRefusedError,
    NotAuthorisedError,
    TopicMissingError,
)

_REFUSED: Final = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    }
)
_MISSING: Final = frozenset(
    {
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.UNKNOWN_TOPIC_ID,
        KafkaError._UNKNOWN_TOPIC,
        KafkaError._UNKNOWN_PARTITION,
    }
)
_UNREACHABLE: Final = frozenset(
    {
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._AUTHENTICATION,
        KafkaError._MSG_TIMED_OUT,
        KafkaError._RESOLVE,
        KafkaError._SSL,
        KafkaError._TIMED_OUT,
        KafkaError._TIMED_OUT_QUEUE,
        KafkaError._TRANSPORT,
    }
)


class Outage:
    """Remembers what was last heard of one client's connections."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._heard: KafkaError | None = None

    def hear(self, error: KafkaError) -> None:
        """Take what librdkafka reports, as its `error_cb`."""
        if error.code() != KafkaError._ALL_BROKERS_DOWN:  # says no more than the errors that led to it
            self._heard = error

    @property
    def lasting(self) -> bool:
        """Whether waiting won't help: the broker is there and refuses, or is not whom this client trusts."""
        return self._heard is not None and self._heard.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL)

    def over(self) -> None:
        """Say that a broker has answered."""
        self._heard = None

    def explain(self, failure: KafkaException | KafkaError, operation: str, topics: Sequence[str] = ()) -> BusError:
        """Return a failed call as an error that says why, as far as is known.

        Args:
            failure: what the call raised or returned.
            operation: what the call needs the right to, as an ACL names it.
            topics: what it was about.
        """
        error: KafkaError = failure.args[0] if isinstance(failure, KafkaException) else failure
        if error.code() in _REFUSED:
            return NotAuthorisedError(operation, topics, self._access.username)
        if error.code() in _MISSING and topics:
            return TopicMissingError(topics)
        if error.code() not in _UNREACHABLE:
            about = f" on {', '.join(topics)}" if topics else ""
            return BusError(f"Kafka at {self._access.bootstrap_servers}{about}: {error.str()}")
        cause = self._heard or error
        if cause.code() == KafkaError._AUTHENTICATION:
            return LoginRefusedError(
                self._access.bootstrap_servers, self._access.username, self._access.sasl_mechanism, cause.str()
            )
        return BrokerUnreachableError(self._access.bootstrap_servers, cause.str())
