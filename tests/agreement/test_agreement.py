"""The short form of `make agreement`: two strategies that a rule decides, so no other model comes in the middle."""

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tests.agreement.market import Market
from tests.agreement.run import Report, Wanted, run
from tests.agreement.trials import make_trials, source_of

from tradewind.desk.folder import DataFolder
from tradewind.domain.bars import Dividend, Split

MET = {
    *("status DENIED", "status FILLED", "status CANCELED", "status EXPIRED", "status PARTIALLY_FILLED"),
    *("origin SIGNAL", "origin COMMAND", "reason SIGNAL_TOO_OLD", "action SPLIT", "action DIVIDEND"),
    *("state MANIFEST HALTED", "state MANIFEST ACTIVE"),
}


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    # Not pytest's own folder: PostgreSQL runs as a user of its own where the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="tw-agreement-"))
    folder.chmod(0o711)

    def say(text: str) -> None:
        print(text, file=sys.stderr)

    wanted = Wanted(
        bars=800, strategies=2, seed=7, neural=False, foundations=1, kills=2, pause=0.02, met=frozenset(MET)
    )
    noise = logging.getLogger("librdkafka")
    before = noise.level
    noise.setLevel(logging.CRITICAL)  # a broker that is killed is no news here
    try:
        yield run(wanted, DataFolder(folder), say, lambda done, whole, seconds: None)
    finally:
        noise.setLevel(before)
        shutil.rmtree(folder)


def test_live_and_simulated_agree_whatever_is_killed_and_published_meanwhile(report: Report) -> None:
    assert report.problems == []
    assert len(report.verdicts) == 2
    assert all(verdict.orders > 20 and verdict.fills > 10 for verdict in report.verdicts)


def test_every_kind_of_process_was_killed(report: Report) -> None:
    assert report.faults.keys() >= {"kill-ingestion", "kill-ml", "kill-trading", "kill-database", "manifest"}
    services = ("kill-ingestion", "kill-ml", "kill-trading")
    assert report.restarts >= sum(report.faults[kind] for kind in services)


def test_a_market_is_the_same_again_and_another_with_another_seed() -> None:
    [trial] = make_trials(1, 2000, seed=1)
    [other] = make_trials(1, 2000, seed=2)
    assert source_of(trial).bars() == source_of(trial).bars()
    assert source_of(trial).bars() != source_of(other).bars()


def test_raw_prices_halve_at_a_split_of_two_for_one() -> None:
    source = source_of(make_trials(3, 5000, seed=1)[2])
    splits = [action for action in source.actions() if isinstance(action, Split) and action.numerator == 2]
    assert any(isinstance(action, Dividend) for action in source.actions())
    assert len(splits) >= 5
    for split in splits[:5]:
        bars = source.bars()[split.symbol]
        before = [bar for bar in bars if bar.close_time < split.close_time][-1]
        after = next(bar for bar in bars if bar.close_time >= split.close_time)
        assert 0.8 < after.open * split.numerator / split.denominator / before.close < 1.25


def test_a_market_lacks_bars_and_volume_and_pauses_for_days() -> None:
    source = source_of(make_trials(1, 4000, seed=1)[0])
    bars = [bar for rows in source.bars().values() for bar in rows]
    closes = source.traded_sessions()
    assert len(closes) == 1000
    assert len(source.missing()) > 100
    assert all(close >= closes[0] for _, close in source.missing())
    assert sum(bar.volume == 0 for bar in bars) > 100
    assert max(after - before for before, after in pairwise(closes)) > timedelta(days=14)


def test_a_market_of_one_session_is_one() -> None:
    market = Market(seed="s", symbols=("A",), history=0, traded=8)
    assert len({close.date() for close in market.closes()}) == 1
