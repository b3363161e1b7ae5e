"""How bars, signals and commands become the simulator's arrays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.unit.backtest.markets import walk

from tradewind.backtest.coverage import Coverage, coverage_of
from tradewind.backtest.history import BarOrderError, build_history, in_window, rule_history, rule_sides
from tradewind.backtest.simulator import GRID
from tradewind.domain.bars import Bar, BarError, CorporateAction, Dividend, Split, to_micros
from tradewind.domain.money import AMOUNT_MAX
from tradewind.domain.orders import Side, TradingState
from tradewind.manifest.feed import Replay
from tradewind.signals.columns import BarColumns, check_bars
from tradewind.signals.series import row_of
from tradewind.signals.sma_cross import SMA_CROSS
from tradewind.store.journal import TakenCommand

START = datetime(2020, 1, 1, 21, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def bar(symbol: str, number: int, price: int = 1000) -> Bar:
    return Bar(symbol, "1d", day(number), price, price + 2, price - 2, price + 1, 10**9)


def command(number: int, symbol: str = "AAA") -> TakenCommand:
    return TakenCommand(UUID(int=1), day(number), symbol, Side.SELL, 7)


def test_bars_signals_and_commands_find_their_cells() -> None:
    bars = {"BBB": [bar("BBB", 0), bar("BBB", 2, 5000)], "AAA": [bar("AAA", 0), bar("AAA", 1)]}
    sides = {("BBB", day(2)): Side.BUY, ("AAA", day(0)): Side.HOLD, ("ZZZ", day(0)): Side.SELL}
    history = build_history(["BBB", "AAA"], bars, sides, [command(1)], {day(3): TradingState.HALTED})
    assert history.symbols == ("AAA", "BBB")
    assert history.time.tolist() == [to_micros(day(n)) for n in range(4)]
    assert np.diff(history.session).tolist() == [1, 1, 1]
    assert history.present.tolist() == [[1, 1], [1, 0], [0, 1], [0, 0]]
    assert (history.open[2, 1], history.high[2, 1], history.low[2, 1], history.close[2, 1]) == (5000, 5002, 4998, 5001)
    assert history.side.tolist() == [[0, 0], [0, 0], [0, 1], [0, 0]]
    assert (history.command_side[1, 0], history.command_quantity[1, 0]) == (-1, 7)
    assert np.count_nonzero(history.command_side) == 1
    assert history.volume[:, 0].tolist() == [10**9, 10**9, 0, 0]
    # An instant whose state is not known is one that nobody stopped.
    assert history.trading_state.tolist() == [0, 0, 0, TradingState.HALTED]


def test_brackets_and_cancels_find_their_cells() -> None:
    bars = {"AAA": [bar("AAA", n) for n in range(3)]}
    ordered = TakenCommand(UUID(int=1), day(0), "AAA", Side.BUY, 7, 900, 1100)
    canceled = TakenCommand(UUID(int=2), day(1), "AAA", Side.HOLD, 0)
    replaced = [replace(canceled, instant=day(2)), replace(ordered, client_order_id=UUID(int=3), instant=day(2))]
    history = build_history(["AAA"], bars, {}, [ordered, canceled, *replaced])
    assert history.command_stop[:, 0].tolist() == [900, 0, 900]
    assert history.command_target[:, 0].tolist() == [1100, 0, 1100]
    assert history.cancel[:, 0].tolist() == [0, 1, 1]
    assert history.command_side[:, 0].tolist() == [1, 0, 1]


def test_corporate_actions_take_effect_at_their_instant_or_the_next_there_is() -> None:
    bars = {"AAA": [bar("AAA", 0), bar("AAA", 3)], "BBB": [bar("BBB", 0)]}
    actions: list[CorporateAction] = [
        Split("AAA", day(1), 2, 1),
        Dividend("AAA", day(2), 5),
        Dividend("AAA", day(3), 6),
        Split("BBB", day(4), 3, 1),
        Split("ZZZ", day(0), 3, 1),
    ]
    history = build_history(["AAA", "BBB"], bars, {}, actions=actions)
    assert history.split_numerator.tolist() == [[0, 0], [2, 0]]
    assert history.split_denominator.tolist() == [[0, 0], [1, 0]]
    assert history.dividend.tolist() == [[0, 0], [11, 0]]


def test_bars_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(BarOrderError, match=r"AAA: the bar at 2020-01-01T21:00:00.* does not come after its last"):
        build_history(["AAA"], {"AAA": [bar("AAA", 1), bar("AAA", 0)]}, {})


def test_commands_belong_to_one_instant_and_symbol() -> None:
    bars = {"AAA": [bar("AAA", 0)]}
    with pytest.raises(BarOrderError, match="two commands for AAA"):
        build_history(["AAA"], bars, {}, [command(0), command(0)])
    with pytest.raises(BarOrderError, match="of no instant"):
        build_history(["AAA"], bars, {}, [command(5)])
    with pytest.raises(BarOrderError, match="of no instant"):
        build_history(["AAA"], bars, {}, [command(0, "ZZZ")])


def test_a_bar_that_closes_at_midnight_belongs_to_the_day_before() -> None:
    midnight = Bar("AAA", "1d", datetime(2020, 1, 3, tzinfo=UTC), 1, 1, 1, 1, 0)
    assert in_window([midnight], date(2020, 1, 2), date(2020, 1, 2)).bars("AAA", "1d") == [midnight]
    assert not len(in_window([midnight], date(2020, 1, 3), date(2020, 1, 3)))


def test_a_rule_warms_up_on_the_bars_before_it_trades() -> None:
    prices = [1000, 900, 800, 700, 600, 900, 1200, 1500, 900, 500]
    bars = [bar("AAA", n, price) for n, price in enumerate(prices)]
    parameters = np.array([2.0, 4.0])
    replay = Replay(from_=date(2020, 1, 1), trade_from=date(2020, 1, 6), to=date(2020, 1, 9))
    history = rule_history(["AAA"], {"AAA": bars}, SMA_CROSS, parameters, replay)
    state = np.zeros(SMA_CROSS.state_size(parameters))
    stepped = [SMA_CROSS.step(state, parameters, *row_of(each)) for each in bars]
    assert history.time.tolist() == [to_micros(day(n)) for n in range(5, 9)]
    assert history.side[:, 0].tolist() == stepped[5:9]
    assert set(stepped[5:9]) == {0, 1}
    given = rule_sides(SMA_CROSS, parameters, {"AAA": bars})
    assert [given["AAA", each.close_time].value for each in bars] == stepped


def test_bars_before_the_window_are_not_seen() -> None:
    bars = [bar("AAA", n, 1000 + (n * 37) % 200) for n in range(20)]
    replay = Replay(from_=date(2020, 1, 5), trade_from=date(2020, 1, 10), to=date(2020, 1, 15))
    whole = rule_history(["AAA"], {"AAA": bars}, SMA_CROSS, np.array([2.0, 4.0]), replay)
    cut = rule_history(["AAA"], {"AAA": bars[4:15]}, SMA_CROSS, np.array([2.0, 4.0]), replay)
    assert whole.side.tolist() == cut.side.tolist()
    assert len(whole.time) == 6


def test_columns_and_bars_one_by_one_are_the_same_history() -> None:
    for missing in (0.0, 0.4):
        bars = {symbol: walk(symbol, 60, 3, missing) for symbol in ("AAA", "BBB")}
        bars["BBB"] = bars["BBB"][7:-5]
        columns = {symbol: BarColumns.of(rows) for symbol, rows in bars.items()}
        assert {symbol: rows.bars(symbol, "1d") for symbol, rows in columns.items()} == bars
        replay = Replay(from_=date(2020, 1, 5), trade_from=date(2020, 1, 20), to=date(2020, 2, 25))
        ones, others = (
            rule_history(["AAA", "BBB"], given, SMA_CROSS, np.array([2.0, 4.0]), replay) for given in (bars, columns)
        )
        for field in ("time", "session", *GRID):
            assert np.array_equal(getattr(ones, field), getattr(others, field))
        assert ones.side.any()


def test_what_is_missing_of_a_symbol_is_said() -> None:
    bars = {"AAA": [bar("AAA", n) for n in range(10)], "BBB": [bar("BBB", n) for n in (2, 3, 5, 9)]}
    bars |= {"CCC": [bar("CCC", n) for n in range(4)], "DDD": []}
    coverage = coverage_of(build_history(list(bars), bars, {}))
    assert coverage == {
        "AAA": Coverage(day(0), day(9), 10, 0, 0, False, False),
        "BBB": Coverage(day(2), day(9), 4, 4, 3, True, False),
        "CCC": Coverage(day(0), day(3), 4, 0, 0, False, True),
        "DDD": Coverage(None, None, 0, 0, 0, True, True),
    }
    assert [symbol for symbol, each in coverage.items() if each.complete] == ["AAA"]
    assert coverage["BBB"].document()["first"] == day(2).isoformat()
    assert coverage["DDD"].document()["last"] is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("low", 0, "low 0.0000 is not positive"),
        ("high", AMOUNT_MAX + 1, "high .* passes"),
        ("volume", -1, "volume -1E-8 is negative"),
        ("high", 999, "low <= open, close <= high does not hold: open 0.1000, high 0.0999"),
        ("time", to_micros(day(0)), "close_time is given twice"),
        ("time", to_micros(day(-1)), "close_time comes after 2020-01-01T21:00"),
    ],
)
def test_columns_that_cannot_be_true_are_refused(field: str, value: int, message: str) -> None:
    columns = BarColumns.of([bar("AAA", n) for n in range(3)])
    check_bars("AAA", columns)
    getattr(columns, field)[1] = value
    with pytest.raises(BarError, match=f"AAA at .*: {message}"):
        check_bars("AAA", columns)
