"""Brings one TradingStrategy to what its manifest says. Called for whatever happened; looks at what is."""

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from pydantic import ValidationError

from tradewind.manifest.plan import PORTS, Plan, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind_operator.api import Api
from tradewind_operator.apply import Accepted, plan_steps, take_steps
from tradewind_operator.builders.feeds import feed_key, is_shared
from tradewind_operator.builders.owned import Owner
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.strategies import SERVED, build_strategy, strategy_group
from tradewind_operator.conditions import Condition, stalled
from tradewind_operator.desks import Desks, Wanted
from tradewind_operator.drift import FRESH_SECONDS, Held, hold_back
from tradewind_operator.errors import StalledError
from tradewind_operator.flatten import Flattening
from tradewind_operator.kinds import API_VERSION, BY_NAME, STRATEGY
from tradewind_operator.names import APPROVE, Key, child_name
from tradewind_operator.observed import Objects
from tradewind_operator.resources import Resource, Resources
from tradewind_operator.status import StatusWriter
from tradewind_operator.strategy_status import build_status, judge, pods_of

log = structlog.get_logger(__name__)
_ASK_SECONDS: Final = 1.0


@dataclass
class Surroundings:
    """What all reconciles look at, kept up to date by watches."""

    namespace: str
    strategies: Resources
    backtests: Resources
    objects: Objects
    platform: Callable[[], Platform]
    lacking_secret: Callable[[], str | None]
    """The name of a Secret that pods need and that is not there."""
    enqueue: Callable[[Key], None]
    feeds: dict[str, str] = field(default_factory=dict)
    """Each strategy's shared feed, by its name."""


class StrategyReconciler:
    """Reconciles TradingStrategies."""

    def __init__(
        self,
        api: Api,
        around: Surroundings,
        desks: Desks,
        status: StatusWriter,
        flattening: Flattening,
        desk_url: str,
    ) -> None:
        self._api = api
        self._around = around
        self._desks = desks
        self._status = status
        self._flattening = flattening
        self._desk_url = desk_url
        self._accepted = Accepted()
        self._wants: dict[str, Wanted] = {}

    async def reconcile(self, name: str) -> float | None:
        """Bring a strategy to what it should be; return in how many seconds to look again.

        Raises:
            StalledError: only a person can mend it; its status says so.
            WaitError: it mends itself.
            ApiError, ApiAwayError: to be tried again.
        """
        resource = self._around.strategies.get(name)
        if resource is None:
            await self._clear(name)
            return None
        spec, before = resource.read()
        if resource.leaving:
            return await self._end(resource, spec, before)
        try:
            plan, automatic = self._plan(resource, spec)
            return await self._run(resource, plan, automatic, spec, before)
        except StalledError as error:
            await self._tell(resource, stalled(error.reason, error.message), before)
            raise

    def _plan(self, resource: Resource, spec: Mapping[str, Any]) -> tuple[Plan, bool]:
        strategy = read_strategy(resource.name, self._around.namespace, resource.uid, spec)
        self._want_desk(resource.name, strategy)
        missing = self._around.lacking_secret()
        if missing is not None:
            raise StalledError("SecretMissing", f"Secret {missing} is not there; the pods need it, so create it")
        return plan_strategy(strategy), strategy.spec.update_strategy == "Automatic"

    async def _run(
        self, resource: Resource, plan: Plan, automatic: bool, spec: Mapping[str, Any], before: Mapping[str, Any]
    ) -> float | None:
        name = resource.name
        flattens = spec.get("deletionPolicy") == "Flatten"
        await self._flattening.guard(resource, flattens)
        self._note_feed(name, plan)
        live = self._around.objects.of(("TradingStrategy", name))
        ml = pods_of(name, "ml", live)
        wanted = build_strategy(
            plan,
            strategy_group(Owner("TradingStrategy", name, resource.uid), owned=not flattens),
            self._around.platform(),
            autoscaled=ml is not None and ml.autoscaled,
            shared_feed=is_shared(plan.feed_id),
        )
        view = self._desks.view(name)
        held = hold_back(
            wanted,
            live,
            self._accepted,
            name=name,
            automatic=automatic,
            approved=resource.annotation(APPROVE),
            positions=before.get("openPositions") if view.positions is None else view.positions,
            fresh=bool(view.at) and not view.problem and time.monotonic() - view.at < FRESH_SECONDS,
        )
        steps = plan_steps(wanted, live, self._accepted, held.keep)
        if not steps.none:
            log.info("acts", strategy=name, applies=len(steps.apply), deletes=len(steps.delete))
            await take_steps(self._api, ("TradingStrategy", name), steps, self._around.objects, self._accepted)
        live = self._around.objects.of(("TradingStrategy", name))
        services = [s for s in SERVED if not (s == "ingestion" and is_shared(plan.feed_id))]
        again = await self._tell(resource, [*judge(name, plan, services, live), held.condition], before)
        return self._follow_up(name, plan, held, again, before.get("tradingState"))

    def _follow_up(self, name: str, plan: Plan, held: Held, again: float | None, known: str | None) -> float | None:
        trading = pods_of(name, "trading", self._around.objects.of(("TradingStrategy", name)))
        if plan.suspended or trading is None or trading.ready == 0:
            self._desks.leave(name)
        else:
            self._desks.want(name, self._wants[name], None if known is None else known.upper())
        if held.ask:
            self._desks.ask(name)
            return _ASK_SECONDS if again is None else min(again, _ASK_SECONDS)
        return again

    def _want_desk(self, name: str, strategy: TradingStrategy) -> None:
        self._wants[name] = Wanted(
            trading=self._url(name, "trading"),
            ml=self._url(name, "ml"),
            state=strategy.spec.trading_state.upper(),
        )

    def _url(self, name: str, service: Any) -> str:
        return self._desk_url.format(
            name=child_name(name, service), namespace=self._around.namespace, port=PORTS[service]
        )

    def _note_feed(self, name: str, plan: Plan) -> None:
        now = feed_key(plan.feed_id) if is_shared(plan.feed_id) else None
        former = self._around.feeds.get(name)
        if now == former:
            return
        if now is None:
            del self._around.feeds[name]
        else:
            self._around.feeds[name] = now
        for feed in (former, now):
            if feed is not None:
                self._around.enqueue(("Feed", feed))

    async def _tell(
        self, resource: Resource, conditions: list[Condition], before: Mapping[str, Any], leaving: bool = False
    ) -> float | None:
        view = self._desks.view(resource.name)
        ml = pods_of(resource.name, "ml", self._around.objects.of(("TradingStrategy", resource.name)))
        now = build_status(resource.name, resource.generation, conditions, before, view, ml, leaving=leaving)
        return await self._status.write(resource, before, now)

    async def _end(self, resource: Resource, spec: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
        """See a strategy off: where it is to flatten, its desk lives until it holds nothing, or the deadline."""
        if not resource.guarded:
            return None  # garbage collection does the rest
        with contextlib.suppress(StalledError):
            self._want_desk(resource.name, read_strategy(resource.name, self._around.namespace, resource.uid, spec))
            self._desks.want(resource.name, self._wants[resource.name])
        conditions, done = await self._flattening.step(resource, spec, before)
        if not done:
            await self._tell(resource, conditions, before, leaving=True)
            return _ASK_SECONDS
        await self._delete_all(resource.name)
        await self._flattening.let_go(resource)
        return None

    async def _clear(self, name: str) -> None:
        """Forget a strategy that is gone, and delete what nobody owns any more."""
        self._desks.leave(name, forget=True)
        self._status.forget(name)
        self._wants.pop(name, None)
        feed = self._around.feeds.pop(name, None)
        if feed is not None:
            self._around.enqueue(("Feed", feed))
        await self._delete_all(name, only_unowned=True)

    async def _delete_all(self, name: str, only_unowned: bool = False) -> None:
        for seen in list(self._around.objects.of(("TradingStrategy", name)).values()):
            if not seen.leaving and not (only_unowned and seen.owners):
                await self._api.delete(BY_NAME[seen.kind], seen.name, seen.uid)


def read_strategy(name: str, namespace: str, uid: str, spec: Mapping[str, Any]) -> TradingStrategy:
    """Return a strategy from its stored spec.

    Raises:
        StalledError: it is not valid for this version.
    """
    metadata = {"name": name, "namespace": namespace, "uid": uid}
    document = {"apiVersion": API_VERSION, "kind": STRATEGY.name, "metadata": metadata, "spec": spec}
    try:
        return TradingStrategy.model_validate(document)
    except ValidationError as error:
        raise StalledError("InvalidSpec", describe(error)) from None


def describe(error: ValidationError) -> str:
    """Return what is wrong with a manifest, field by field."""
    said = [
        f"{'.'.join(map(str, each['loc']))}: {each['msg'].removeprefix('Value error, ')}" for each in error.errors()
    ]
    return "; ".join(said)
