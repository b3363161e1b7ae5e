"""Which topics these are: one that was deleted and made again keeps its name and has other offsets."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import TopicChangedError, TopicMissingError
from tradewind.bus.inquiry import Inquiry

REQUEST_SECONDS: Final = 3.0
_LOOK_SECONDS: Final = 2.0
"""How often `check` looks: until then a reader of a topic that was made again may read from a wrong position."""


@dataclass(frozen=True, slots=True)
class _Seen:
    topic_id: str
    partitions: int


class TopicWatch:
    """Tells topics apart by the broker's ids, and notices when one has become another.

    The embedded broker knows no topic ids (it never answers the question): there its generation stands for all of them,
    and a new generation comes with a new process.
    """

    def __init__(self, access: KafkaAccess) -> None:
        self._generation = access.generation
        self._inquiry = Inquiry(access)
        self._seen: dict[str, _Seen] = {}
        self._asked: dict[str, Future[Any]] = {}
        self._next_look = 0.0

    def cluster(self, seconds: float = REQUEST_SECONDS) -> str:
        """Return the generation of an embedded broker, the id of a real cluster.

        Raises:
            BusError: no broker answers within these seconds.
        """
        cluster: str | None = self._inquiry.metadata(seconds).cluster_id
        return self._generation or cluster or ""

    def identities(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Return the identity of each topic, and begin to watch them: offsets mean nothing under another identity.

        Raises:
            TopicMissingError: one does not exist.
            BusError: no broker answers, or the user may not describe one.
        """
        self._asked.clear()
        self._seen.clear()
        cluster = self.cluster()
        if self._generation or not topics:
            return dict.fromkeys(topics, cluster)
        missing: list[str] = []
        seen: dict[str, _Seen] = {}
        for topic, answer in self._ask(topics).items():
            try:
                seen[topic] = _what(answer.result())
            except KafkaException as error:
                explained = self._inquiry.outage.explain(error, "Describe", (topic,))
                if not isinstance(explained, TopicMissingError):
                    raise explained from None
                missing.append(topic)
        if missing:
            raise TopicMissingError(missing)
        self._seen = seen
        self._next_look = time.monotonic() + _LOOK_SECONDS
        return {topic: f"{cluster}/{it.topic_id}" for topic, it in seen.items()}

    def check(self) -> None:
        """Look from time to time whether the topics are still the same, without waiting for the answer.

        Raises:
            TopicChangedError: one was deleted, made again or given more partitions.
        """
        if self._asked and all(answer.done() for answer in self._asked.values()):
            asked, self._asked = self._asked, {}
            changed = [topic for topic, answer in asked.items() if self._is_other(topic, answer)]
            if changed:
                raise TopicChangedError(changed)
        elif self._seen and not self._asked and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _LOOK_SECONDS
            self._inquiry.admin.poll(0)  # what its callbacks have to say must not pile up
            self._asked = self._ask(list(self._seen))

    def _is_other(self, topic: str, answer: Future[Any]) -> bool:
        try:
            return _what(answer.result()) != self._seen[topic]
        except KafkaException as error:
            # Whatever else goes wrong with a question that is asked again soon is for the client itself to notice.
            return bool(error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART)

    def _ask(self, topics: Sequence[str]) -> dict[str, Future[Any]]:
        return self._inquiry.admin.describe_topics(TopicCollection(list(topics)), request_timeout=REQUEST_SECONDS)


def _what(description: Any) -> _Seen:
    return _Seen(str(description.topic_id), len(description.partitions))
