"""What the models of a walk-forward's folds may learn from: their own past, without what the embargo leaves out."""

from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest.folds import make_folds
from tradewind.backtest.market import lay_market
from tradewind.desk.training import lessons_of
from tradewind.domain.bars import session_of, to_micros
from tradewind.manifest.trials import WalkForward
from tradewind.ml.models import training_cut

DAYS, WARM_UP = 260, 20
SPEC = strategy(DAYS, WARM_UP)
ASKED = WalkForward(mode="Anchored", train=100, test=40, purge=2, embargo=3)
MARKET = lay_market(SPEC.symbols, {s: walk(s, DAYS, 3, missing=0.05) for s in SPEC.symbols}, SPEC.feed.replay)


def test_a_fold_s_models_learn_from_its_training_alone() -> None:
    sessions = MARKET.sessions.tolist()
    folds = make_folds(len(sessions), ASKED)
    lessons = list(lessons_of(SPEC, ASKED, MARKET))
    assert len(lessons) == len(folds) == 4
    for fold, lesson in zip(folds, lessons, strict=True):
        assert session_of(to_micros(lesson.through)) == sessions[fold.train[-1]]
        assert sessions[fold.test[0]] - sessions[fold.train[-1]] > ASKED.purge
        assert session_of(to_micros(lesson.after)) == sessions[fold.judged[0] - 1]
        assert session_of(to_micros(lesson.until)) == sessions[fold.test[-1]]
        assert lesson.part is not None
        assert (lesson.part.first, lesson.part.validation) == (sessions[fold.train[0]], sessions[fold.judged[0]])
        assert lesson.part.without == tuple(sessions[place] for place in sorted(fold.embargoed))
    assert lessons[0].part is not None
    assert lessons[-1].part is not None
    assert (lessons[0].part.without, len(lessons[-1].part.without)) == ((), 6)


def test_without_folds_a_model_learns_what_a_desk_s_would() -> None:
    (lesson,) = lessons_of(SPEC, None, MARKET)
    assert lesson.through == lesson.after == training_cut(SPEC)
    assert to_micros(lesson.until) == MARKET.history.time[-1]
    assert lesson.part is None
