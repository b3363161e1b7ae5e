import socket

import pytest

from tradewind.desk.ports import HOST, PortTakenError, check_ports


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_names_port_service_and_the_option_that_moves_it() -> None:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} of ml is taken; move it with --ml-port"):
            check_ports({"ml": port})


def test_two_services_cannot_share_a_port(free_port: int) -> None:
    with pytest.raises(PortTakenError, match=f"port {free_port} of backtest is also that of trading"):
        check_ports({"trading": free_port, "backtest": free_port})


def test_a_free_port_is_free_again_after_the_check(free_port: int) -> None:
    check_ports({"trading": free_port})
    check_ports({"trading": free_port})
