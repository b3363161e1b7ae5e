"""Errors of the desk, typed, for commands that need nothing else of what starts one."""

from tradewind.bus.errors import BusError


class DeskError(RuntimeError):
    """The desk can't go on. Its text says why, and which log says more."""


class KafkaOptionError(ValueError):
    """What --kafka names is no broker, or the environment does not say how to log in to it."""


class BrokerUnusableError(RuntimeError):
    """A broker that somebody else runs can't be used. Says which and why."""

    def __init__(self, broker: str, error: BusError) -> None:
        super().__init__(f"{error}; set --kafka and, where it asks for a login, the TRADEWIND_KAFKA_ variables right")
        self.broker = broker
