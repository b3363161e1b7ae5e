"""Brings one Backtest to its Job, and its Job's outcome to its status, whatever happened."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pydantic import ValidationError

from tradewind.manifest.plan import ServicePlan, plan_strategy
from tradewind.manifest.resources import Backtest, TradingStrategy
from tradewind_operator.api import Api
from tradewind_operator.apply import Accepted, plan_steps, take_steps
from tradewind_operator.backtest_status import build_status, total_of
from tradewind_operator.builders.deployments import MANIFEST_FILE
from tradewind_operator.builders.jobs import backtest_group, build_backtest
from tradewind_operator.builders.owned import Owner
from tradewind_operator.conditions import Condition, stalled
from tradewind_operator.errors import StalledError
from tradewind_operator.kinds import API_VERSION, BACKTEST, CONFIG_MAP, JOB, POD, Object
from tradewind_operator.names import BACKTEST_LABEL
from tradewind_operator.observed import Observed, Place, Work
from tradewind_operator.resources import Resource
from tradewind_operator.status import StatusWriter
from tradewind_operator.strategies import Surroundings, describe, read_strategy
from tradewind_operator.summaries import last_message, read_summary

log = structlog.get_logger(__name__)
_REMEMBERED: Final = 256
ENDED: Final = ("Succeeded", "Failed")


class BacktestReconciler:
    """Reconciles Backtests."""

    def __init__(self, api: Api, around: Surroundings, status: StatusWriter) -> None:
        self._api = api
        self._around = around
        self._status = status
        self._accepted = Accepted()
        self._snapshots: dict[str, dict[str, Any]] = {}
        self.waiting: dict[str, str] = {}
        """Backtests whose strategy is not there yet, and its name."""

    async def reconcile(self, name: str) -> float | None:
        """Bring a Backtest to what it should be; return in how many seconds to look again.

        Raises:
            StalledError: only a person can mend it; its status says so.
            ApiError, ApiAwayError: to be tried again.
        """
        resource = self._around.backtests.get(name)
        if resource is None or resource.leaving:
            self._forget(name)
            return None
        spec, before = resource.read()
        if before.get("phase") in ENDED:
            return await self._age(resource, spec, before)
        try:
            backtest = self._parse(resource, spec)
            document = await self._snapshot(resource, backtest)
            return await self._run(resource, backtest, document, before)
        except StalledError as error:
            now = build_status(resource.generation, stalled(error.reason, error.message), before, None)
            await self._status.write(resource, before, now)
            raise

    async def _run(
        self, resource: Resource, backtest: Backtest, document: Mapping[str, Any], before: Mapping[str, Any]
    ) -> float | None:
        name = resource.name
        live = self._around.objects.of(("Backtest", name))
        work = next((seen.detail for seen in live.values() if isinstance(seen.detail, Work)), None)
        if work is not None and work.ended:
            return await self._finish(resource, backtest, work, before)
        group = backtest_group(Owner("Backtest", name, resource.uid))
        service = self._service(document)
        wanted = build_backtest(document, service, group, self._around.platform(), backtest.spec.suspend)
        steps = plan_steps(*_around_job(wanted, live), self._accepted, [p for p in live if p[0] == JOB.name])
        if not steps.none:
            log.info("acts", backtest=name, applies=len(steps.apply), deletes=len(steps.delete))
            await take_steps(self._api, ("Backtest", name), steps, self._around.objects, self._accepted)
        if work is not None and work.suspended != backtest.spec.suspend:
            await self._set_suspended(name, backtest.spec.suspend)
        live = self._around.objects.of(("Backtest", name))
        work = next((seen.detail for seen in live.values() if isinstance(seen.detail, Work)), None)
        now = build_status(resource.generation, None, before, work, total=total_of(backtest))
        return await self._status.write(resource, before, now)

    async def _set_suspended(self, name: str, suspended: bool) -> None:
        """Stop a Job's pods, or let them run: all else of a Job never changes."""
        job = next(seen for place, seen in self._around.objects.of(("Backtest", name)).items() if place[0] == JOB.name)
        self._around.objects.put(JOB, await self._api.merge(JOB, job.name, {"spec": {"suspend": suspended}}))

    async def _finish(
        self, resource: Resource, backtest: Backtest, work: Work, before: Mapping[str, Any]
    ) -> float | None:
        pods: list[Object] = []
        async for page, _ in self._api.pages(POD, {"labelSelector": f"{BACKTEST_LABEL}={resource.name}"}):
            pods += page
        message = last_message([pod for pod in pods if _belongs(pod, self._job_uid(resource.name))])
        summary = read_summary(message)
        if work.ended == "Complete":
            said = "it ended with a result" if summary is not None else "it ended, but its pod's summary was lost"
            conditions = [Condition("Complete", True, "Complete", said)]
        else:
            why = summary.error if summary is not None and summary.error else message.strip()[-512:] or work.why
            conditions = [Condition("Failed", True, "Failed", why)]
        now = build_status(resource.generation, conditions, before, work, summary=summary, total=total_of(backtest))
        again = await self._status.write(resource, before, now)
        self._snapshots.pop(resource.uid, None)
        return again if again is not None else 0.0 if backtest.spec.ttl_seconds_after_finished is not None else None

    def _job_uid(self, name: str) -> str:
        live = self._around.objects.of(("Backtest", name))
        return next((seen.uid for place, seen in live.items() if place[0] == JOB.name), "")

    async def _age(self, resource: Resource, spec: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
        """Delete a Backtest whose time after its end is over."""
        self._forget(resource.name)
        seconds = spec.get("ttlSecondsAfterFinished")
        if seconds is None or "completionTime" not in before:
            return None
        ended = datetime.fromisoformat(before["completionTime"])
        left = float(seconds) - (datetime.now(UTC) - ended).total_seconds()
        if left > 0:
            return left
        await self._api.delete(BACKTEST, resource.name, resource.uid)
        return None

    def _parse(self, resource: Resource, spec: Mapping[str, Any]) -> Backtest:
        metadata = {"name": resource.name, "namespace": self._around.namespace, "uid": resource.uid}
        document = {"apiVersion": API_VERSION, "kind": BACKTEST.name, "metadata": metadata, "spec": spec}
        try:
            return Backtest.model_validate(document)
        except ValidationError as error:
            raise StalledError("InvalidSpec", describe(error)) from None

    async def _snapshot(self, resource: Resource, backtest: Backtest) -> dict[str, Any]:
        """Return the Backtest with its strategy inline, as it was when its Job was first asked for."""
        known = self._snapshots.get(resource.uid)
        if known is not None:
            return known
        document = await self._stored(resource) if backtest.spec.strategy_ref is not None else None
        if document is None:
            document = inline(backtest, self._referenced(resource, backtest))
        self.waiting.pop(resource.name, None)
        if len(self._snapshots) >= _REMEMBERED:
            self._snapshots.pop(next(iter(self._snapshots)))
        self._snapshots[resource.uid] = document
        return document

    async def _stored(self, resource: Resource) -> dict[str, Any] | None:
        """Return the snapshot that was stored before; it holds even if the strategy has changed since."""
        for place, seen in self._around.objects.of(("Backtest", resource.name)).items():
            if place[0] == CONFIG_MAP.name and resource.uid in seen.owners and not seen.leaving:
                body = await self._api.get(CONFIG_MAP, seen.name)
                if body is not None:
                    document: dict[str, Any] = json.loads(body["data"][MANIFEST_FILE])
                    return document
        return None

    def _referenced(self, resource: Resource, backtest: Backtest) -> tuple[TradingStrategy, ...]:
        reference = backtest.spec.strategy_ref
        if reference is None:
            return ()
        strategy = self._around.strategies.get(reference.name)
        if strategy is None or strategy.leaving:
            self.waiting[resource.name] = reference.name
            raise StalledError(
                "StrategyMissing",
                f"there is no TradingStrategy {reference.name} in namespace {self._around.namespace}; create it, or "
                "name another in a new Backtest",
            )
        return (read_strategy(reference.name, self._around.namespace, strategy.uid, strategy.read()[0]),)

    def _service(self, document: Mapping[str, Any]) -> ServicePlan:
        named = document["metadata"]
        strategy = read_strategy(named["name"], self._around.namespace, named["uid"], document["spec"]["strategy"])
        services = {each.service: each for each in plan_strategy(strategy).services}
        # A model has to be trained first, which takes the ml image; a rule needs no more than its own.
        return services["backtest"] if services["ml"].image == services["backtest"].image else services["ml"]

    def _forget(self, name: str) -> None:
        self.waiting.pop(name, None)
        if self._around.backtests.get(name) is None:
            self._status.forget(name)


def inline(backtest: Backtest, strategies: tuple[TradingStrategy, ...]) -> dict[str, Any]:
    """Return a Backtest that refers to nothing, without what may still change of it: what its pod mounts."""
    strategy = backtest.strategy(strategies)
    document = backtest.model_dump(mode="json", by_alias=True, exclude_none=True)
    spec = {
        key: value
        for key, value in document["spec"].items()
        if key not in ("strategyRef", "window", "suspend", "ttlSecondsAfterFinished")
    }
    spec["strategy"] = strategy.spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    spec["strategy"].pop("suspend", None)  # the strategy's own, not this test's
    return {**document, "spec": spec}


def _around_job(wanted: list[Object], live: Mapping[Place, Observed]) -> tuple[list[Object], Mapping[Place, Observed]]:
    """Return what is wanted and what there is, without the manifest that a Job mounts already: both stay as they are.

    A newer operator may write the same test in another form; a Job that runs would not notice, nor can it change.
    """
    mounted = {place for place in live if place[0] == CONFIG_MAP.name}
    if not mounted or not any(place[0] == JOB.name for place in live):
        return wanted, live
    rest = [body for body in wanted if body["kind"] != CONFIG_MAP.name]
    return rest, {place: seen for place, seen in live.items() if place not in mounted}


def _belongs(pod: Object, job: str) -> bool:
    return any(reference["uid"] == job for reference in pod["metadata"].get("ownerReferences", ()))
