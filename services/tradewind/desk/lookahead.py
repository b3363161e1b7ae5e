"""`tradewind check-lookahead`: whether a strategy's signals know the future."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewind.backtest.compile_cache import use_cache
from tradewind.desk.errors import DeskError
from tradewind.desk.folder import DataFolder
from tradewind.desk.strategy import read_tested
from tradewind.domain.bars import from_micros
from tradewind.domain.orders import Side
from tradewind.manifest.load import FieldProblem, ManifestError
from tradewind.signals.catalog import RULES

if TYPE_CHECKING:
    from tradewind.backtest.lookahead import Verdict
    from tradewind.backtest.market import Market


class LookaheadError(DeskError):
    """Signals that know the future: names the first bar that shows it."""


def run_check(
    manifest: Path,
    folder: DataFolder,
    cuts: int,
    seed: int,
    as_json: bool,
    bars: Path | None = None,
    time_zone: str | None = None,
) -> None:
    """Compare a rule's signals with those of cut histories, and say what was compared; files as `read_tested`.

    Raises:
        ManifestError: the strategy's signals are not a rule's.
        BarsFileError: see `read_tested`.
        LookaheadError: a side changes when later bars are taken away.
        DeskError: there is no history to cut.
    """
    strategy, source = read_tested(manifest, bars, time_zone)
    spec = strategy.spec
    rule = RULES.get(spec.signal.model)
    if rule is None:
        reason = f"{spec.signal.model} is trained, not a rule; only rules are checked"
        raise ManifestError(manifest, [FieldProblem("spec.signal.model", reason)])
    parameters = rule.read(spec.signal.parameters)
    folder.create()
    use_cache(folder.root / "compiled")
    # After use_cache: these import numba, which reads where its cache lies only once.
    from tradewind.backtest.lookahead import check_lookahead
    from tradewind.backtest.market import lay_market
    from tradewind.backtest.rule_signals import grid_sides

    market = lay_market(spec.symbols, source.bars(), spec.feed.replay, source.actions())
    verdict = check_lookahead(
        lambda series, present: grid_sides(rule, parameters, present, series),
        market.series,
        market.history.present,
        cuts,
        seed,
    )
    if verdict.cuts == 0:
        raise DeskError(f"there are {len(market.history.time)} bars to check, too few to cut")
    if as_json:
        print(json.dumps({"model": rule.name, "seed": seed, **verdict_document(verdict, market)}, indent=2))
    if verdict.difference is not None:
        raise LookaheadError(describe(rule.name, verdict, market))
    if not as_json:
        print(describe(rule.name, verdict, market))


def verdict_document(verdict: "Verdict", market: "Market") -> dict[str, Any]:
    """Return a verdict as JSON's types; `difference` is null where nothing differs."""
    found = verdict.difference
    difference = None
    if found is not None:
        difference = {
            "symbol": market.history.symbols[found.symbol],
            "close_time": _close(market, found.instant),
            "side": Side(found.without).name,
            "side_with_future": Side(found.with_).name,
            "history_until": _close(market, found.cut - 1),
            "first": found.first,
        }
    return {"cuts": verdict.cuts, "sides_compared": verdict.sides, "difference": difference}


def describe(model: str, verdict: "Verdict", market: "Market") -> str:
    """Return what a verdict says, in a sentence."""
    compared = f"{verdict.cuts:,} cut histories with {verdict.sides:,} sides compared"
    found = verdict.difference
    if found is None:
        return f"{model} does not look ahead: {compared}, none differs."
    which = "the first bar that differs" if found.first else "a bar that differs (an earlier one may, too)"
    return (
        f"{model} looks ahead; {which}: {market.history.symbols[found.symbol]} at {_close(market, found.instant)} is "
        f"{Side(found.without).name} when history ends at {_close(market, found.cut - 1)}, and "
        f"{Side(found.with_).name} with all of it ({compared})"
    )


def _close(market: "Market", instant: int) -> str:
    return from_micros(int(market.history.time[instant])).isoformat()
