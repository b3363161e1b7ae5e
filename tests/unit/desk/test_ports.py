import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tradewind.desk.ports import HOST, PortOfSeveralError, PortTakenError, choose_ports
from tradewind.manifest.plan import PORTS


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(port: int = 0) -> Iterator[int]:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST, port))
        server.listen()
        yield int(server.getsockname()[1])


def test_a_taken_port_names_port_service_and_the_option_that_moves_it() -> None:
    with (
        listening() as port,
        pytest.raises(PortTakenError, match=f"port {port} of ml is taken; move it with --ml-port"),
        choose_ports(1, {"ml": port}),
    ):
        pass


def test_two_services_cannot_share_a_port(free_port: int) -> None:
    with (
        pytest.raises(PortTakenError, match=f"port {free_port} of backtest is also that of trading"),
        choose_ports(1, {"trading": free_port, "backtest": free_port}),
    ):
        pass


def test_several_strategies_get_ports_of_their_own_the_defaults_first_and_services_can_bind_them() -> None:
    with choose_ports(3, {}) as (first, second, third):
        chosen = [*first.values(), *second.values(), *third.values()]
        assert len(set(chosen)) == 12
        assert all(first[service] == port or first[service] > 8003 for service, port in PORTS.items())
        assert all(port > 8003 for port in (*second.values(), *third.values()))
        for port in chosen:
            with listening(port):
                pass


def test_a_default_that_is_taken_gives_way_to_the_next_free_port_and_the_others_stay() -> None:
    with choose_ports(1, {}) as (before,):
        pass
    with listening(before["ml"]), choose_ports(1, {}) as (after,):
        assert after["ml"] > 8003
        assert {**after, "ml": 0} == {**before, "ml": 0}


def test_a_port_that_is_wanted_is_given_and_no_other_service_gets_it(free_port: int) -> None:
    with choose_ports(1, {"trading": free_port}) as (ports,):
        assert ports["trading"] == free_port
    with choose_ports(1, {}) as (defaults,):
        pass
    with choose_ports(1, {"ml": defaults["trading"]}) as (ports,):
        assert ports["ml"] == defaults["trading"]
        assert len(set(ports.values())) == 4


def test_two_desks_that_start_at_once_get_different_ports_and_give_them_back(free_port: int) -> None:
    with choose_ports(2, {}) as one, choose_ports(1, {}) as other:
        chosen = [port for ports in (*one, *other) for port in ports.values()]
        assert len(set(chosen)) == 12
    with choose_ports(2, {}) as again:
        assert again == one
    with choose_ports(1, {"ml": free_port}), pytest.raises(PortTakenError), choose_ports(1, {"trading": free_port}):
        pass


def test_a_wanted_port_of_several_strategies_is_refused(free_port: int) -> None:
    with (
        pytest.raises(PortOfSeveralError, match="--ml-port moves the port of one strategy, and 2 are to run; leave"),
        choose_ports(2, {"ml": free_port}),
    ):
        pass
