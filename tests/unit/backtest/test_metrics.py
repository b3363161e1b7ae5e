"""Metrics against numbers worked out by hand."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tradewind.backtest import metrics
from tradewind.backtest.metrics import measure
from tradewind.backtest.trades import ClosedTrade, closed_trades
from tradewind.domain.bars import CorporateAction, Dividend, Split
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.orders import Origin, Side
from tradewind.store.journal import FillRecord, Snapshot

DAY = datetime(2020, 1, 1, 21, tzinfo=UTC)


RISK = ["volatility", "tail_ratio", "value_at_risk", "conditional_value_at_risk"]
FALL = ["longest_drawdown_days", "drawdown_open"]


def curve(*equities: int, cash: int = 0, step: timedelta = timedelta(days=1)) -> list[Snapshot]:
    return [Snapshot(DAY + i * step, cash, equity) for i, equity in enumerate(equities)]


def trade(pnl: int) -> ClosedTrade:
    return ClosedTrade("AAPL", DAY, DAY, QUANTITY_SCALE, 1, 1, 0, pnl, Origin.SIGNAL)


def test_returns_start_at_the_starting_equity() -> None:
    assert metrics.session_returns(100, curve(110, 99)) == pytest.approx([0.1, -0.1])


def test_returns_are_of_sessions_not_of_bars() -> None:
    # Three bars on the first day (its last counts), one on the next.
    day = [Snapshot(DAY - timedelta(hours=h), 0, e) for h, e in ((3, 300), (2, 50), (0, 110))]
    assert metrics.session_returns(100, [*day, Snapshot(DAY + timedelta(days=1), 0, 121)]) == pytest.approx([0.1, 0.1])


def test_sharpe() -> None:
    # Mean 0.02, deviations -0.03 0.01 0.02: sum of squares 0.0014, over 2 is 0.0007.
    assert metrics.sharpe([-0.01, 0.03, 0.04], 252) == pytest.approx(0.02 / math.sqrt(0.0007) * math.sqrt(252))


def test_sortino_counts_every_session() -> None:
    # Mean 0.01; downside squares 0.0004 over four sessions.
    assert metrics.sortino([-0.02, 0.03, 0.01, 0.02], 252) == pytest.approx(0.01 / 0.01 * math.sqrt(252))


def test_cagr_on_calendar_days() -> None:
    assert metrics.cagr(100, 121, 731) == pytest.approx(1.21 ** (365.25 / 731) - 1)
    assert metrics.cagr(100, 200, 1461) == pytest.approx(2**0.25 - 1)


def test_max_drawdown_sees_the_start_and_every_mark() -> None:
    assert metrics.max_drawdown(100, [90, 120, 60, 130]) == pytest.approx(-0.5)
    assert metrics.max_drawdown(100, [80, 90]) == pytest.approx(-0.2)
    assert metrics.max_drawdown(100, [100, 110]) == 0


def test_calmar() -> None:
    assert metrics.calmar(0.1, -0.25) == pytest.approx(0.4)
    assert metrics.calmar(-0.1, -0.25) == pytest.approx(-0.4)


def test_a_whole_account() -> None:
    # Up a tenth, down a tenth; 730 days from first to last session.
    points = curve(1_100_000, 990_000, step=timedelta(days=730))
    points[1] = Snapshot(points[1].time, 990_000, 990_000)
    result = measure(1_000_000, points, [trade(30_000), trade(-10_000), trade(-20_000), trade(0)], 252)
    assert result.total_return == pytest.approx(-0.01)
    assert result.cagr == pytest.approx(0.99 ** (365.25 / 730) - 1)
    assert result.max_drawdown == pytest.approx(-0.1)
    assert result.exposure == 0.5
    assert (result.closed_trades, result.wins, result.losses, result.breakeven) == (4, 1, 2, 1)
    assert result.win_rate == 0.25
    assert result.profit_factor == pytest.approx(1.0)
    assert result.expectancy == Decimal(0)
    assert (result.average_win, result.average_loss) == (Decimal("3.0000"), Decimal("-1.5000"))
    assert (result.initial_equity, result.final_equity) == (Decimal("100.0000"), Decimal("99.0000"))


@pytest.mark.parametrize(
    ("points", "undefined"),
    [
        ([], ["total_return", "cagr", "sharpe", "sortino", "max_drawdown", "calmar", "exposure", *RISK, *FALL]),
        (curve(100), ["cagr", "sharpe", "sortino", "calmar", "volatility", "tail_ratio"]),
        (curve(100, 100, 100), ["sharpe", "sortino", "calmar", "tail_ratio"]),
        (curve(110, 121, 150), ["sortino", "calmar"]),
    ],
)
def test_what_is_undefined_is_none(points: Sequence[Snapshot], undefined: list[str]) -> None:
    result = measure(100, points, [], 252)
    trades = ["win_rate", "profit_factor", "expectancy", "average_win", "average_loss"]
    unasked = ["alpha", "beta", "turnover", "sharpe_interval", "total_return_interval"]
    assert {name for name, value in vars(result).items() if value is None} == {*undefined, *trades, *unasked}


def test_without_a_loss_there_is_no_profit_factor() -> None:
    result = measure(100, curve(100), [trade(5)], 252)
    assert (result.profit_factor, result.average_loss, result.win_rate) == (None, None, 1.0)


def test_money_means_round_half_away_from_zero() -> None:
    assert metrics.mean_money([1, 2]) == Decimal("0.0002")
    assert metrics.mean_money([-1, -2]) == Decimal("-0.0002")


def fill(side: Side, quantity: int, price: int, gross: int, day: int, origin: Origin = Origin.SIGNAL) -> FillRecord:
    time = DAY + timedelta(days=day)
    return FillRecord(UUID(int=day), "AAPL", side, origin, time, time, quantity, price, 10, gross)


def test_a_trade_is_flat_to_flat_net_of_fees() -> None:
    share = QUANTITY_SCALE
    closed = closed_trades(
        [
            fill(Side.BUY, 10 * share, 1000, 0, 1),
            fill(Side.BUY, 10 * share, 2000, 0, 2),
            fill(Side.SELL, 5 * share, 3000, 7500, 3),
            fill(Side.SELL, 15 * share, 1000, -7500, 4, Origin.STOP_LOSS),
            fill(Side.BUY, share, 500, 0, 5),
        ]
    )
    assert closed == [
        ClosedTrade(
            symbol="AAPL",
            entry_time=DAY + timedelta(days=1),
            exit_time=DAY + timedelta(days=4),
            quantity=20 * share,
            entry_price=1500,
            exit_price=1500,
            fees=40,
            pnl=-40,
            exit_reason=Origin.STOP_LOSS,
        )
    ]


def test_a_split_changes_what_was_bought_and_a_dividend_what_was_earned() -> None:
    share = QUANTITY_SCALE
    fills = [
        fill(Side.BUY, 10 * share, 2000, 0, 1),
        fill(Side.SELL, 20 * share, 1100, 2000, 3),
        fill(Side.BUY, share, 500, 0, 5),
    ]
    actions: list[CorporateAction] = [
        Dividend("AAPL", DAY + timedelta(days=3), 7),
        Split("AAPL", DAY + timedelta(days=2), 2, 1),
        Dividend("AAPL", DAY + timedelta(days=4), 7),
        Dividend("GOOG", DAY + timedelta(days=2), 9),
    ]
    (closed,) = closed_trades(fills, actions)
    assert (closed.quantity, closed.entry_price, closed.exit_price) == (20 * share, 1000, 1100)
    assert closed.pnl == 2000 + 20 * 7 - 20
