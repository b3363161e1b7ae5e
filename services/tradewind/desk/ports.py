"""The desk's HTTP ports: whether they are free, before anything starts."""

import errno
import socket
from collections.abc import Mapping

from tradewind.manifest.plan import Service

HOST = "127.0.0.1"


class PortTakenError(RuntimeError):
    """A service's port can't be bound."""

    def __init__(self, service: str, port: int, reason: str) -> None:
        super().__init__(f"port {port} of {service} {reason}; move it with --{service}-port")
        self.service = service
        self.port = port


def check_ports(ports: Mapping[Service, int]) -> None:
    """Check that each service can bind its port.

    Raises:
        PortTakenError: the first port that another process listens on, that two services share, or that this user may
            not bind.
    """
    seen: dict[int, str] = {}
    for service, port in ports.items():
        if port in seen:
            raise PortTakenError(service, port, f"is also that of {seen[port]}")
        seen[port] = service
        with socket.socket() as probe:
            # As the server does: a port that only waits for its last connections to be forgotten is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                taken = error.errno == errno.EADDRINUSE
                raise PortTakenError(
                    service, port, "is taken" if taken else f"can't be bound ({error.strerror})"
                ) from None
