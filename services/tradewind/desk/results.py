"""What a strategy came to, live or simulated, beside buy-and-hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind.backtest.agreement import Agreement, UnknownAccountError, compare
from tradewind.backtest.baseline import buy_and_hold
from tradewind.backtest.history import journal_history
from tradewind.backtest.metrics import Metrics, measure
from tradewind.backtest.report import Report
from tradewind.backtest.trades import ClosedTrade, closed_trades
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import connect
from tradewind.store.journal import Snapshot, frozen, read_cash, read_fills, read_journal, read_snapshots
from tradewind.store.models import read_latest_model


@dataclass(frozen=True)
class Results:
    """The curves are the account after each instant. `verdict` is the model's evaluation; None for a rule."""

    currency: str
    metrics: Metrics
    baseline: Metrics
    trades: Sequence[ClosedTrade]
    curve: Sequence[Snapshot]
    verdict: str | None


def check_agreement(database_url: str, strategy: TradingStrategy) -> Agreement:
    """Simulate the journal and compare the outcome with the live ledger."""
    with connect(database_url) as connection:
        return compare(connection, strategy)


def live_results(database_url: str, strategy: TradingStrategy) -> Results:
    """Return what the live desk came to, as its ledger has it.

    Raises:
        UnknownAccountError: the ledger holds no account of the strategy.
    """
    strategy_id, spec = str(strategy.id), strategy.spec
    with connect(database_url) as connection, frozen(connection):
        cash = read_cash(connection, strategy_id)
        if cash is None:
            raise UnknownAccountError(strategy_id)
        journal = read_journal(connection, strategy_id, spec.feed.interval)
        curve = read_snapshots(connection, strategy_id)
        trades = closed_trades(read_fills(connection, strategy_id), journal.actions)
        model = read_latest_model(connection, strategy_id)
    history = journal_history(spec.symbols, journal)
    sessions = spec.instruments[0].sessions_per_year
    held = buy_and_hold(history, spec.rules(), cash.initial)
    return Results(
        currency=spec.account.currency,
        metrics=measure(cash.initial, curve, trades, sessions),
        baseline=measure(cash.initial, held, [], sessions),
        trades=trades,
        curve=curve,
        verdict=None if model is None else str(model.metrics["summary"]),
    )


def simulated_results(report: Report, verdict: str | None) -> Results:
    """Return what a backtest came to."""
    return Results(report.currency, report.metrics, report.baseline, report.trades, report.curve, verdict)
