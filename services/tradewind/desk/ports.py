"""The desk's HTTP ports: chosen, and found to be free, before anything starts."""

import errno
import itertools
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from tradewind.manifest.plan import PORTS, Service

HOST: Final = "127.0.0.1"
_LAST_PORT: Final = 65535
Ports = Mapping[Service, int]


class PortTakenError(RuntimeError):
    """A service's port can't be bound."""

    def __init__(self, service: str, port: int, reason: str) -> None:
        super().__init__(f"port {port} of {service} {reason}; move it with --{service}-port")
        self.service = service
        self.port = port


class PortOfSeveralError(RuntimeError):
    """One port was asked for, and several strategies would need it."""

    def __init__(self, service: str, strategies: int) -> None:
        super().__init__(
            f"--{service}-port moves the port of one strategy, and {strategies} are to run; leave it out: each gets "
            "free ports, and `tradewind status` lists them"
        )
        self.service = service
        self.strategies = strategies


@contextmanager
def choose_ports(strategies: int, wanted: Ports) -> Iterator[list[Ports]]:
    """Give the ports of each strategy's services: what is wanted, the defaults where free, else the next free ones.

    While the context lasts no other desk chooses them: a service takes some seconds until it listens.

    Raises:
        PortTakenError: a wanted port is another process's, another service's, or not for this user; or none is left.
        PortOfSeveralError: a port is wanted, and there are several strategies.
    """
    if strategies > 1:
        for service in wanted:
            raise PortOfSeveralError(service, strategies)
    with ExitStack() as held:
        taken: dict[int, Service] = {}
        for service, port in wanted.items():
            if port in taken:
                raise PortTakenError(service, port, f"is also that of {taken[port]}")
            taken[port] = service
            try:
                held.enter_context(_hold(port))
            except OSError as error:
                in_use = error.errno == errno.EADDRINUSE
                raise PortTakenError(
                    service, port, "is taken" if in_use else f"can't be bound ({error.strerror})"
                ) from None
        yield [
            {service: wanted.get(service) or _next_free(service, held) for service in PORTS} for _ in range(strategies)
        ]


def _next_free(service: Service, held: ExitStack) -> int:
    above_defaults = range(max(PORTS.values()) + 1, _LAST_PORT + 1)
    for port in itertools.chain([PORTS[service]], above_defaults):
        with suppress(OSError):
            held.enter_context(_hold(port))
            return port
    raise PortTakenError(service, PORTS[service], "is taken, and so is every port above")


def _hold(port: int) -> socket.socket:
    """Return what keeps other desks off a port that a service can bind.

    Raises:
        OSError: it can't be bound, or another desk holds it.
    """
    with socket.socket() as probe:
        # As the server does: a port that only waits for its last connections to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
    # The same number of another protocol: it is in no service's way, and the kernel frees it when the desk dies.
    holder = socket.socket(type=socket.SOCK_DGRAM)
    try:
        holder.bind((HOST, port))
    except OSError:
        holder.close()
        raise
    return holder
