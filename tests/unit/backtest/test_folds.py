"""Folds: what they cover, and what training never sees."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.backtest.folds import Fold, FoldError, make_folds
from tradewind.manifest.trials import WalkForward

ASKED = st.builds(
    WalkForward,
    mode=st.sampled_from(["Rolling", "Anchored"]),
    train=st.integers(2, 40),
    test=st.integers(1, 20),
    purge=st.integers(0, 10),
    embargo=st.integers(0, 10),
)


def counting(fold: Fold) -> set[int]:
    return {place for place, counts in zip(fold.train, fold.counted.tolist(), strict=True) if counts}


def expected_training(asked: WalkForward, sessions: int) -> list[set[int]]:
    """The sessions that each fold trains on, one by one."""
    starts = range(asked.train + asked.purge, sessions, asked.test)
    embargoed = [
        {start + asked.test + place for start in starts[:number] for place in range(asked.embargo)}
        for number in range(len(starts))
    ]
    first = [0 if asked.mode == "Anchored" else start - asked.purge - asked.train for start in starts]
    return [
        set(range(begin, start - asked.purge)) - without
        for begin, start, without in zip(first, starts, embargoed, strict=True)
    ]


@settings(max_examples=300, deadline=None)
@given(asked=ASKED, sessions=st.integers(1, 200))
def test_folds_keep_what_they_promise(asked: WalkForward, sessions: int) -> None:
    needed = asked.train + asked.purge + asked.test
    if sessions < needed:
        with pytest.raises(FoldError, match=rf"= {needed} sessions, and the data has {sessions}$"):
            make_folds(sessions, asked)
        return
    if min(map(len, expected_training(asked, sessions))) < 2:
        with pytest.raises(FoldError, match=rf"embargo {asked.embargo} leaves fold \d+ fewer than two sessions"):
            make_folds(sessions, asked)
        return
    folds = make_folds(sessions, asked)
    assert [fold.number for fold in folds] == list(range(1, len(folds) + 1))
    # The tests cover every session from the first test to the end, once, in order.
    tested = [place for fold in folds for place in fold.test]
    assert tested == list(range(asked.train + asked.purge, sessions))
    assert all(len(fold.test) == asked.test for fold in folds[:-1])
    for fold in folds:
        assert fold.train.stop == fold.test.start - asked.purge
        assert fold.train.start == (0 if asked.mode == "Anchored" else fold.train.stop - asked.train)
        assert len(fold.train) >= asked.train
        counted = counting(fold)
        purged = range(fold.test.start - asked.purge, fold.test.start)
        assert counted.isdisjoint(purged)
        assert counted.isdisjoint(fold.test)
        for earlier in folds[: fold.number - 1]:
            assert counted.isdisjoint(range(earlier.test.stop, earlier.test.stop + asked.embargo))
    # Nothing else is left out.
    assert [counting(fold) for fold in folds] == expected_training(asked, sessions)
    for before, after in pairwise(folds):
        assert before.train.start <= after.train.start
        assert before.train.stop < after.train.stop
        assert before.test.stop == after.test.start


def test_a_rolling_and_an_anchored_fold_by_hand() -> None:
    rolling = make_folds(12, WalkForward(mode="Rolling", train=4, test=3, purge=1, embargo=1))
    assert [(f.train, f.test) for f in rolling] == [
        (range(0, 4), range(5, 8)),
        (range(3, 7), range(8, 11)),
        (range(6, 10), range(11, 12)),
    ]
    assert [sorted(fold.embargoed) for fold in rolling] == [[], [], [8]]
    anchored = make_folds(12, WalkForward(mode="Anchored", train=4, test=3, purge=1))
    assert [fold.train for fold in anchored] == [range(0, 4), range(0, 7), range(0, 10)]


def test_an_embargo_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(FoldError, match=r"spec\.walkForward: embargo 10 leaves fold 3 fewer than two sessions"):
        make_folds(30, WalkForward(train=3, test=3, embargo=10))
