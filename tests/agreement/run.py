"""One run: everything is set up, trades to the end of its market with all that goes wrong meanwhile, and is judged."""

import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpx2
import psycopg
from tests.agreement.brokers import some_broker
from tests.agreement.ends import readers_behind
from tests.agreement.faults import Fault, plan_faults
from tests.agreement.mischief import Mischief
from tests.agreement.outcome import EVERYTHING, Verdict, judge, met, not_met
from tests.agreement.person import Person
from tests.agreement.stage import Stage, set_up
from tests.agreement.trials import Trial, make_trials, neural_trial, total_bars

from tradewind.desk.folder import DataFolder
from tradewind.manifest.owners import trading_owner
from tradewind.store.database import Connection, connect

_TICK: Final = 0.1
_STALL_SECONDS: Final = 300.0
_ASK_SECONDS: Final = 3.0
_MEDDLING_ENDS: Final = 0.97
"""The share of the bars after which nobody meddles any more."""


class AgreementError(RuntimeError):
    """The run can't be brought to its end."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a run.

    Args:
        bars: that each strategy trades, about.
        strategies: how many a rule decides.
        seed: of markets, faults, wishes and mischief.
        neural: whether one more strategy's network is trained, and trained again in the middle.
        foundations: how often database and broker are killed.
        kills: how often the services of each strategy are killed.
        pause: between two wishes of the person, and between two pieces of mischief; seconds.
        met: what must have happened.
    """

    bars: int
    strategies: int
    seed: int
    neural: bool = True
    foundations: int = 3
    kills: int = 3
    pause: float = 0.2
    met: frozenset[str] = EVERYTHING


@dataclass
class Report:
    """What came of a run. It is good where nothing is listed in `problems`."""

    seed: int
    broker: str
    verdicts: list[Verdict] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    restarts: int = 0
    trading_seconds: float = 0.0
    judging_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


Say = Callable[[str], None]


def run(wanted: Wanted, folder: DataFolder, say: Say, show: Callable[[int, int, float], None]) -> Report:
    """Run and judge.

    Args:
        wanted: what.
        folder: where everything is kept; it stays.
        say: hears of what happens, a line each.
        show: hears of the progress: bars decided, all bars, seconds so far.

    Raises:
        AgreementError: it can't be brought to its end.
    """
    neural = neural_trial(wanted.bars, wanted.seed) if wanted.neural else None
    trials = [*make_trials(wanted.strategies, wanted.bars, wanted.seed), *([neural] if neural else [])]
    with some_broker(folder) as broker, set_up(trials, folder, broker) as stage:
        say(f"seed {wanted.seed}: {len(trials)} strategies, {total_bars(trials)} bars, {broker.name}")
        faults = plan_faults(trials, neural, wanted.seed, wanted.foundations, wanted.kills, broker.kill is not None)
        report = Report(wanted.seed, broker.name)
        trading = _Trading(stage, trials, faults, report, say)
        with closing(trading), meddling(stage, trials, wanted) as (person, mischief):
            started = time.monotonic()
            trading.follow(lambda done, all_: show(done, all_, time.monotonic() - started), (person, mischief))
            mischief.finish()
            trading.wait_for_readers()
            report.trading_seconds = time.monotonic() - started
        report.answers, sent = dict(sorted(person.answers.items())), mischief.sent
        report.sent = {
            "late": sum(map(len, sent.late.values())), "copies": sent.copies, "revisions": sent.revisions,
            "poison": sent.poison.total(), "forged": sent.forged.total(), "uncertain": len(sent.uncertain),
        }  # fmt: skip
        report.restarts = sum(status.restarts for status in stage.desk.supervisor.statuses)
        say("judging")
        exact = broker.exact and not sent.uncertain
        for why in sent.uncertain:
            say(f"not surely published: {why}")
        with connect(stage.database_url) as connection:
            for trial in trials:
                report.verdicts.append(judge(connection, trial, sent, exact))
                for difference in report.verdicts[-1].differences:
                    say(f"{trial.name}: {difference}")
            report.met = dict(sorted(met(connection, person.seen).items()))
        report.judging_seconds = time.monotonic() - started - report.trading_seconds
        report.problems = [f"{each.name}: {why}" for each in report.verdicts for why in each.differences]
        report.problems += [f"did not happen: {what}" for what in not_met(Counter(report.met), wanted.met)]
        report.problems += _unmet(report, faults, neural)
    return report


def _unmet(report: Report, faults: Sequence[Fault], neural: Trial | None) -> Iterator[str]:
    for kind in sorted({fault.kind for fault in faults}):
        if kind not in report.faults:
            yield f"did not happen: {kind}"
    for what in ("late", "missing", "dead_letters"):
        if not sum(getattr(verdict, what) for verdict in report.verdicts):
            yield f"did not happen: {what.replace('_', ' ')}"
    for verdict in report.verdicts:
        if neural is not None and verdict.name == neural.name and len(verdict.models) < 2:
            yield f"{verdict.name}: its model was not replaced in the middle: {verdict.models}"


@contextmanager
def meddling(stage: Stage, trials: Sequence[Trial], wanted: Wanted) -> Iterator[tuple[Person, Mischief]]:
    """Let a person and mischief begin; at the end of the context neither does anything any more."""
    person = Person(stage, trials, wanted.seed, wanted.pause)
    mischief = Mischief(stage, trials, wanted.seed, wanted.pause)
    try:
        yield person, mischief
    finally:
        person.end()
        mischief.end()


class _Trading:
    """Follows the strategies to the end of their markets, and lets go wrong what is to go wrong."""

    def __init__(
        self, stage: Stage, trials: Sequence[Trial], faults: Sequence[Fault], report: Report, say: Say
    ) -> None:
        self._stage = stage
        self._trials = trials
        self._faults = list(faults)
        self._report = report
        self._say = say
        self._closes = {t.name: t.market.closes()[-t.market.traded :] for t in trials}
        self._connection: Connection | None = None
        self._decided = dict.fromkeys((trial.name for trial in trials), 0)
        self._moved_at = time.monotonic()
        self._ask_again = 0.0

    def follow(self, show: Callable[[int, int], None], meddlers: tuple[Person, Mischief]) -> None:
        """Return once every trial's last instant is decided, with all faults done."""
        whole = total_bars(self._trials)
        begun = ended = False
        while True:
            time.sleep(_TICK)
            self._stage.desk.check()
            if not self._look():
                self._check_stall()
                continue
            done = sum(self._decided[trial.name] * len(trial.market.symbols) for trial in self._trials)
            show(done, whole)
            if done and not begun:
                begun = True
                for meddler in meddlers:
                    meddler.start()
            if done >= _MEDDLING_ENDS * whole and not ended:
                ended = True
                for meddler in meddlers:
                    meddler.end()
            for meddler in meddlers:
                if meddler.failure is not None:
                    raise AgreementError(f"{type(meddler).__name__} failed") from meddler.failure
            self._do_what_is_due(done / whole)
            if done == whole and not self._faults:
                return

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wait_for_readers(self) -> None:
        """Wait until every process runs again, and every reader has read all that is on its topics."""
        deadline = time.monotonic() + _STALL_SECONDS
        while not self._stage.all_run():
            self._stage.desk.check()
            if time.monotonic() > deadline:
                raise AgreementError(f"processes are not back after {_STALL_SECONDS:.0f} s")
            time.sleep(_TICK)
        while True:
            with connect(self._stage.database_url) as connection:
                behind = readers_behind(connection, self._stage.access, [trial.strategy_id for trial in self._trials])
            if not behind:
                return
            if time.monotonic() > deadline:
                raise AgreementError(f"readers are behind after {_STALL_SECONDS:.0f} s: {behind}")
            time.sleep(_TICK)

    def _look(self) -> bool:
        """Read how far each trial is; return False while the database is away."""
        if self._stage.desk.database_url is None:
            return False
        owners = {trading_owner(trial.strategy_id): trial for trial in self._trials}
        try:
            if self._connection is None:
                self._connection = connect(self._stage.desk.database_url)
            rows: list[tuple[str, datetime]] = self._connection.execute(
                "SELECT owner, instant FROM watermarks WHERE owner = ANY(%s)", [list(owners)]
            ).fetchall()
            stopped = self._connection.execute(
                "SELECT strategy_id, fault FROM account WHERE fault IS NOT NULL"
            ).fetchall()
        except psycopg.OperationalError:
            self.close()
            return False
        if stopped:
            raise AgreementError("; ".join(f"the desk of {strategy_id} stopped: {why}" for strategy_id, why in stopped))
        decided = {owners[owner].name: bisect_right(self._closes[owners[owner].name], at) for owner, at in rows}
        if decided != {name: count for name, count in self._decided.items() if count}:
            self._moved_at = time.monotonic()
        self._decided.update(decided)
        self._check_stall()
        return True

    def _check_stall(self) -> None:
        if time.monotonic() - self._moved_at > _STALL_SECONDS:
            left = {name: len(closes) - self._decided[name] for name, closes in self._closes.items()}
            raise AgreementError(f"nothing was decided for {_STALL_SECONDS:.0f} s; instants left: {left}")

    def _do_what_is_due(self, share: float) -> None:
        for fault in list(self._faults):
            own = share if fault.trial is None else self._share_of(fault.trial)
            if own >= fault.share and self._do(fault):
                self._say(f"{own:4.0%} {fault}")
                self._faults.remove(fault)
                self._report.faults[fault.kind] = self._report.faults.get(fault.kind, 0) + 1

    def _share_of(self, trial: Trial) -> float:
        return self._decided[trial.name] / trial.market.traded

    def _do(self, fault: Fault) -> bool:
        """Do it; return False where it has to be tried again."""
        stage, trial = self._stage, fault.trial
        if fault.kind == "kill-database":
            stage.kill_database()
            return True
        if fault.kind == "kill-broker":
            stage.kill_broker()
            return True
        assert trial is not None
        try:
            match fault.kind:
                case "kill-ingestion":
                    return stage.kill(trial, "ingestion")
                case "kill-ml":
                    return stage.kill(trial, "ml")
                case "kill-trading":
                    return stage.kill(trial, "trading")
                case "manifest":
                    spec = trial.strategy.spec.model_copy(update={"trading_state": fault.state})
                    stage.restart_as(trial, trial.strategy.model_copy(update={"spec": spec}))
                    return True
                case "retrain":
                    return self._retrain(trial)
        except (psycopg.OperationalError, httpx2.TransportError):
            return False

    def _retrain(self, trial: Trial) -> bool:
        """Ask for another model until there is one: who trains may be killed meanwhile."""
        if time.monotonic() < self._ask_again:
            return False
        self._ask_again = time.monotonic() + _ASK_SECONDS
        with connect(self._stage.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM models WHERE strategy_id = %s", [trial.strategy_id]
            ).fetchone()
        if row is not None and row[0] > 1:
            return True
        httpx2.post(f"{self._stage.address(trial, 'ml')}/retrain", trust_env=False)  # 409 while it trains
        return False
