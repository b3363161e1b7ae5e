"""Errors of the bus, typed. Their texts say what to do where a person can do something."""

from collections.abc import Sequence


class BusError(Exception):
    """Kafka answers with an error, or not at all."""


class BrokerUnreachableError(BusError):
    """No broker answers."""

    def __init__(self, servers: str, reason: str) -> None:
        super().__init__(f"no Kafka broker answers at {servers}: {reason}")
        self.servers = servers
        self.reason = reason


class LoginRefusedError(BusError):
    """The broker does not know the user, or the password is another."""

    def __init__(self, servers: str, username: str, mechanism: str, reason: str) -> None:
        super().__init__(
            f"Kafka at {servers} refuses user {username!r}: the name, the password or the mechanism ({mechanism}) is "
            f"wrong ({reason})"
        )
        self.servers = servers
        self.username = username


class NotAuthorisedError(BusError):
    """The user may not do this with the topics. An unknown topic looks the same to a user who may see nothing."""

    def __init__(self, operation: str, topics: Sequence[str], username: str) -> None:
        who = f"user {username!r}" if username else "a client without a user"
        super().__init__(
            f"Kafka allows {who} no {operation} on {', '.join(topics)}; add the ACL (operation {operation}, resource "
            "topic)"
        )
        self.operation = operation
        self.topics = tuple(topics)
        self.username = username


class TopicMissingError(BusError):
    """A topic does not exist."""

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__(f"Kafka has no topic {', '.join(topics)}; `tradewind up --kafka` makes the platform's topics")
        self.topics = tuple(topics)


class TopicChangedError(BusError):
    """A topic was deleted, made again or given more partitions while it was in use: it must be begun anew."""

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__(f"{', '.join(topics)}: deleted, made again or given more partitions")
        self.topics = tuple(topics)


class PositionLostError(BusError):
    """The broker's partition ends before the position that its reader has reached: it forgot what it acknowledged."""

    def __init__(self, topic: str, partition: int, position: int, end: int) -> None:
        super().__init__(
            f"{topic}[{partition}] ends at {end}, but was read up to {position}: the broker has lost messages. "
            "Delete the topic and make it again: what nobody has decided on yet is then published again"
        )
        self.topic = topic
        self.partition = partition
        self.position = position
        self.end = end


class TopicsNotMadeError(BusError):
    """Topics can't be created, and why not."""

    def __init__(self, topics: Sequence[str], reason: str) -> None:
        super().__init__(f"the topics {', '.join(topics)} can't be made: {reason}")
        self.topics = tuple(topics)
        self.reason = reason
