"""A person's orders in mid-replay: they enter the journal at an instant, and the simulator makes the same of them."""

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.faults.running import Demo

from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.manifest.load import load_strategy
from tradewind.store.database import connect
from tradewind.store.journal import read_orders


def place(port: int, **order: str) -> int:
    """Give an order, again while no one answers as after a kill; return the status of the answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/orders",
        data=json.dumps({"client_order_id": str(uuid4()), **order}).encode(),
        headers={"Content-Type": "application/json"},
    )
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_live_and_simulated_agree_on_a_persons_orders_also_over_a_crash(
    command_line: Any, short_sma_cross: Path, agreement_of: Callable[[str], Any]
) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    port = command_line.ports["trading"]
    demo.wait_until_decided(0.1)
    given = [
        place(port, symbol=symbol, side=side, quantity=quantity)
        for quantity in ("7", "11")
        for side in ("BUY", "SELL")
        for symbol in ("AAPL", "GOOG", "IBM", "MSFT")
    ]
    command_line.kill("trading")
    demo.wait_until_decided(0.4)
    given += [
        place(port, symbol="IBM", side="BUY", quantity="100000"),
        place(port, symbol="IBM", side="SELL", quantity="99999"),
        place(port, symbol="XYZ", side="BUY", quantity="1"),
        place(port, symbol="IBM", side="BUY", quantity="-1"),
    ]
    agreement = agreement_of(demo.end())
    assert set(given[:18]) <= {202, 200}  # 200: taken before, and its answer was lost
    assert given[18:] == [404, 422]
    folder, strategy_id = command_line.data_dir, str(load_strategy(short_sma_cross).id)
    with EmbeddedPostgres(folder / "postgres", folder / "log") as server, connect(server.url) as connection:
        orders = [order for order in read_orders(connection, strategy_id) if order.origin == "COMMAND"]
    outcomes = {str(order.status) for order in orders}
    assert len(orders) == 18
    assert outcomes >= {"FILLED", "DENIED"}
    assert agreement.orders > 18


def test_the_second_ctrl_c_ends_at_once(command_line: Any, short_sma_cross: Path) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    demo.wait_until_decided(0.1)
    demo.process.send_signal(signal.SIGINT)
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(10) == 130
    assert command_line.pids() == set()
    assert command_line.listening() == []
