from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

from rich.console import Console

from tradewind.backtest.metrics import measure
from tradewind.backtest.trades import ClosedTrade
from tradewind.desk.results import Results
from tradewind.desk.summary import TRADES_SHOWN, equity_line, show_results
from tradewind.domain.orders import Origin
from tradewind.store.journal import Snapshot

START = datetime(2020, 1, 2, 21, tzinfo=UTC)
CURVE = [Snapshot(START + timedelta(days=day), 0, 1_000_000_000 + day * 10_000_000) for day in range(30)]
TRADE = ClosedTrade(
    symbol="IBM",
    entry_time=START,
    exit_time=START + timedelta(days=3),
    quantity=12 * 10**8,
    entry_price=100_1250,
    exit_price=110_0000,
    fees=10_000,
    pnl=1_234_5678,
    exit_reason=Origin.TAKE_PROFIT,
)


def results(trades: int, verdict: str | None = None, curve: list[Snapshot] = CURVE) -> Results:
    closed = [replace(TRADE, quantity=(number + 1) * 10**8) for number in range(trades)]
    metrics = measure(1_000_000_000, curve, closed, 252)
    return Results("USD", metrics, measure(1_000_000_000, [], [], 252), closed, curve, verdict)


def shown(given: Results) -> str:
    console = Console(file=StringIO(), width=80)
    show_results(console, given, "in the ledger")
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_trade_is_shown_with_its_numbers() -> None:
    text = shown(results(1))
    assert "IBM    2020-01-02 2020-01-05        1    100.12  110.00 +1,234.57 TAKE_PROFIT" in text
    assert "before them" not in text


def test_of_many_trades_the_last_are_shown_and_the_rest_counted() -> None:
    text = shown(results(TRADES_SHOWN + 7))
    assert text.count("TAKE_PROFIT") == TRADES_SHOWN
    assert "... and 7 trades before them: in the ledger" in text


def test_what_is_undefined_is_not_shown_as_zero() -> None:
    lines = {line.split("  ")[0]: line.split() for line in shown(results(0)).splitlines()}
    assert lines["win rate"][-2:] == ["n/a", "n/a"]
    assert lines["total return"][-2:] == ["+29.00%", "n/a"]
    assert lines["closed trades"][-2:] == ["0", "0"]


def test_no_trade_is_said() -> None:
    assert "No trade was closed." in shown(results(0))


def test_the_verdict_is_said_as_it_is() -> None:
    assert "The model on its validation part: no edge: error 1.003." in shown(results(1, "no edge: error 1.003"))


def test_the_equity_line_fits_its_width_and_names_first_and_last_day() -> None:
    lines = Console(file=StringIO(), width=200).render_str(equity_line(CURVE, 70)).plain.splitlines()
    text = "\n".join(lines)
    assert max(len(line) for line in lines) <= 70 + len("\x1b[0m") * 2
    assert "2020-01-02" in text
    assert "2020-01-31" in text
    assert "100,000" in text
    assert "129,000" in text


def test_a_flat_equity_of_one_instant_can_be_drawn() -> None:
    assert "100,000" in equity_line(CURVE[:1], 60)
