"""What came of it: the simulator's agreement, what each journal must hold, and which rules decided anything at all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.agreement.mischief import Sent
from tests.agreement.trials import Trial, source_of

from tradewind.backtest.agreement import compare
from tradewind.backtest.history import rule_history
from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS
from tradewind.domain.bars import from_micros
from tradewind.domain.orders import Origin, Reason, Side
from tradewind.manifest.owners import ml_owner, trading_owner
from tradewind.signals.catalog import RULES
from tradewind.store.database import Connection
from tradewind.store.journal import Journal, read_journal
from tradewind.store.ledger import read_fault

_SHOWN: Final = 3
_STATUSES: Final = frozenset(
    {
        "INITIALIZED", "DENIED", "ACCEPTED", "TRIGGERED", "PARTIALLY_FILLED", "PENDING_UPDATE", "PENDING_CANCEL",
        "FILLED", "CANCELED", "EXPIRED",
    }
)  # fmt: skip
"""Those that an order on the paper broker can have."""
EVERYTHING: Final = frozenset(
    {f"status {status}" for status in _STATUSES}
    | {f"origin {origin}" for origin in Origin}
    | {f"reason {reason}" for reason in Reason}
    | {f"state {side} {state}" for side in ("MANIFEST", "PERSON") for state in ("ACTIVE", "REDUCING", "HALTED")}
    | {"halt DAILY_LOSS_LIMIT_REACHED", "halt RATE_LIMIT_EXCEEDED"}
    | {"action SPLIT", "action DIVIDEND"}
)
"""What a long run must have met."""


@dataclass
class Verdict:
    """One trial's outcome: how much was compared, and what differs."""

    name: str
    bars: int
    signals: int
    instants: int
    orders: int
    fills: int
    cash: str
    late: int
    missing: int
    dead_letters: int
    models: dict[str, int] = field(default_factory=dict)
    """How many signals of each model version were traded."""
    differences: list[str] = field(default_factory=list)


def judge(connection: Connection, trial: Trial, sent: Sent, exact: bool) -> Verdict:
    """Compare a trial's ledger with the simulator, and its journal with its market.

    Args:
        connection: to the database of the desks, where nothing of the trial goes on any more.
        trial: which.
        sent: what was published beside the services' own messages.
        exact: whether the broker has handed out each of these to every reader.
    """
    strategy_id = trial.strategy_id
    agreement = compare(connection, trial.strategy)
    journal = read_journal(connection, strategy_id, "1d")
    late = _late(connection, strategy_id)
    missing = _missing(connection, strategy_id)
    dead = _dead_letters(connection, trial)
    verdict = Verdict(
        name=trial.name,
        bars=sum(map(len, journal.bars.values())),
        signals=len(journal.sides),
        instants=agreement.instants,
        orders=agreement.orders,
        fills=agreement.fills,
        cash=str(agreement.cash_amount),
        late=len(late),
        missing=len(missing),
        dead_letters=sum(dead.values()),
        models=_models(connection, strategy_id),
    )
    fault = read_fault(connection, strategy_id)
    if fault is not None:
        verdict.differences.append(f"its desk stopped: {fault}")
    if not agreement.agrees:
        verdict.differences.append(str(agreement))
    verdict.differences += _journal_differences(trial, journal, missing)
    verdict.differences += _mischief_differences(trial, sent, late, dead, exact)
    return verdict


def _journal_differences(trial: Trial, journal: Journal, missing: set[tuple[str, datetime]]) -> Iterator[str]:
    """Yield where a journal does not hold what its market handed out, each thing once."""
    source = source_of(trial)
    traded = source.traded_sessions()
    bars = source.bars()
    yield from _unlike("instants", journal.instants, traded)
    yield from _unlike("missing bars", missing, source.missing())
    handed_out = {bar for rows in bars.values() for bar in rows if bar.close_time >= traded[0]}
    yield from _unlike("bars", (bar for rows in journal.bars.values() for bar in rows), handed_out)
    yield from _unlike("signals", journal.sides, ((bar.symbol, bar.close_time) for bar in handed_out))
    yield from _unlike("corporate actions", journal.actions, source.actions())
    rule = RULES.get(trial.strategy.spec.signal.model)
    if rule is None:
        return
    spec = trial.strategy.spec
    parameters = rule.read(spec.signal.parameters)
    history = rule_history(spec.symbols, bars, rule, parameters, spec.feed.replay, source.actions())
    times = [from_micros(time) for time in history.time.tolist()]
    backtested = {
        (symbol, time, Side(side))
        for i, symbol in enumerate(history.symbols)
        for time, side, here in zip(times, history.side[:, i].tolist(), history.present[:, i].tolist(), strict=True)
        if here
    }
    yield from _unlike("sides", ((*at, side) for at, side in journal.sides.items()), backtested)


def _mischief_differences(
    trial: Trial, sent: Sent, late: set[tuple[datetime, str, str]], dead: Counter[str], exact: bool
) -> Iterator[str]:
    wanted = sent.late[trial.name]
    signals, markets = sent.poison[TRADING_SIGNALS] + sent.forged[trial.name], sent.poison[MARKET_DATA]
    expected = {ml_owner(trial.strategy_id): markets, trading_owner(trial.strategy_id): markets + signals}
    if exact:
        yield from _unlike("late rows", late, wanted)
        for owner, count in expected.items():
            if dead[owner] != count:
                yield f"dead letters of {owner}: {dead[owner]}, not {count}"


def _unlike(what: str, live: Iterable[Any], wanted: Iterable[Any]) -> Iterator[str]:
    """Yield how two sets differ, if they do."""
    ours, theirs = set(live), set(wanted)
    for side, only in (("only the journal has", ours - theirs), ("the journal lacks", theirs - ours)):
        if only:
            shown = "; ".join(str(each) for each in sorted(only, key=str)[:_SHOWN])
            yield f"{what}: {side} {len(only)}: {shown}"


def _late(connection: Connection, strategy_id: str) -> set[tuple[datetime, str, str]]:
    return set(
        connection.execute("SELECT instant, symbol, kind FROM inbox WHERE strategy_id = %s AND late", [strategy_id])
    )


def _missing(connection: Connection, strategy_id: str) -> set[tuple[str, datetime]]:
    wanted = "SELECT symbol, instant FROM inbox WHERE strategy_id = %s AND kind = 'MISSING' AND NOT late"
    return set(connection.execute(wanted, [strategy_id]))


def _dead_letters(connection: Connection, trial: Trial) -> Counter[str]:
    owners = [ml_owner(trial.strategy_id), trading_owner(trial.strategy_id)]
    return Counter(
        dict(
            connection.execute(
                "SELECT owner, count(*) FROM outbox WHERE owner = ANY(%s) AND topic LIKE '%%.dlq' GROUP BY owner",
                [owners],
            )
        )
    )


def _models(connection: Connection, strategy_id: str) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT s.model_version, count(*) FROM trading_signals s "
            "JOIN instants i ON i.strategy_id = s.strategy_id AND i.instant = s.close_time "
            "WHERE s.strategy_id = %s AND s.symbol = ANY(i.signals) GROUP BY s.model_version",
            [strategy_id],
        )
    )


def met(connection: Connection, seen_by_person: Iterable[str]) -> Counter[str]:
    """Return what orders, trading states and corporate actions went through, and how often."""
    found: Counter[str] = Counter({f"status {status}": 1 for status in seen_by_person})
    for name, count in connection.execute(
        """
        SELECT 'status ' || status, count(*) FROM orders GROUP BY status
        UNION ALL SELECT 'origin ' || origin, count(*) FROM orders GROUP BY origin
        UNION ALL SELECT 'reason ' || reason, count(*) FROM orders WHERE reason IS NOT NULL GROUP BY reason
        UNION ALL SELECT 'status ACCEPTED', count(*) FROM orders WHERE decided_at IS NOT NULL AND status <> 'DENIED'
        UNION ALL SELECT 'status PARTIALLY_FILLED', count(*)
            FROM trades t JOIN orders o USING (client_order_id) WHERE t.last_qty < o.quantity
        UNION ALL SELECT 'state ' || side || ' ' || state, count(*)
            FROM trading_state_changes WHERE side <> 'AUTOMATIC' GROUP BY side, state
        UNION ALL SELECT 'halt ' || split_part(reason, ':', 1), count(*)
            FROM trading_state_changes WHERE side = 'AUTOMATIC' AND state <> 'ACTIVE' GROUP BY 1
        UNION ALL SELECT 'action ' || kind, count(*)
            FROM inbox WHERE kind IN ('SPLIT', 'DIVIDEND') AND NOT late GROUP BY kind
        """
    ):
        found[name] += count
    return +found


def not_met(found: Counter[str], wanted: Iterable[str]) -> Sequence[str]:
    """Return what was wanted and did not happen."""
    return sorted(name for name in wanted if not found[name])
