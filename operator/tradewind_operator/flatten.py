"""Deletion of a strategy that is to hold nothing afterwards: a finalizer holds it until its desk has closed everything.

Its objects have no owner reference meanwhile: a foreground deletion would take the desk before it could sell.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import structlog

from tradewind_operator.api import Api
from tradewind_operator.conditions import Condition, progressing
from tradewind_operator.desks import Desks
from tradewind_operator.errors import ApiError
from tradewind_operator.events import Events
from tradewind_operator.kinds import STRATEGY, Object
from tradewind_operator.names import FINALIZER
from tradewind_operator.resources import Resource, Resources

log = structlog.get_logger(__name__)


class Flattening:
    """Guards strategies whose deletionPolicy is Flatten, and sees them off."""

    def __init__(
        self,
        api: Api,
        desks: Desks,
        events: Events,
        strategies: Resources,
        seconds: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = api
        self._desks = desks
        self._events = events
        self._strategies = strategies
        self._seconds = seconds
        self._now = now
        self._asked: dict[str, float] = {}

    async def guard(self, resource: Resource, wanted: bool) -> None:
        """Set the finalizer, or take it off, where it is not as wanted."""
        if resource.guarded != wanted:
            await self._set_finalizer(resource, wanted)

    async def let_go(self, resource: Resource) -> None:
        """Take the finalizer off: the strategy goes."""
        self._asked.pop(resource.uid, None)
        await self._set_finalizer(resource, wanted=False)

    async def step(
        self, resource: Resource, spec: Mapping[str, Any], status: Mapping[str, Any]
    ) -> tuple[list[Condition], bool]:
        """Go one step towards holding nothing; return the conditions, and whether the strategy may go.

        It may where its desk said after the request that it holds nothing, where it never held anything, where its
        manifest does not ask for it any more, or after the deadline.
        """
        if spec.get("deletionPolicy") != "Flatten":
            return [], True
        if spec.get("suspend"):
            self._tell_overdue(resource, "it is suspended, so no desk could close its positions")
            return [], True
        asked = self._asked.get(resource.uid)
        view = self._desks.view(resource.name)
        if asked is not None and view.at > asked and view.positions == 0 and not view.problem:
            return [], True
        if not view.at and not status.get("openPositions") and "equity" not in status:
            return [], True  # its desk never ran
        asked_at = datetime.fromisoformat(resource.leaving)
        left = self._seconds - (self._now() - asked_at).total_seconds()
        if left <= 0:
            held = view.positions if view.positions is not None else status.get("openPositions")
            self._tell_overdue(resource, f"{held} positions are left after {self._seconds:.0f} s")
            return [], True
        if asked is None and await self._desks.flatten(resource.name, f"delete-{resource.uid}"):
            self._asked[resource.uid] = time.monotonic()
            self._events.tell(STRATEGY.name, resource.name, resource.uid, "Flattening", "positions are being closed")
        self._desks.ask(resource.name)
        return progressing("Flattening", f"positions are being closed; {left:.0f} s are left for it"), False

    def _tell_overdue(self, resource: Resource, note: str) -> None:
        log.warning("a strategy goes without being flat", strategy=resource.name, why=note)
        self._events.tell(STRATEGY.name, resource.name, resource.uid, "FlattenOverdue", note, warning=True)

    async def _set_finalizer(self, resource: Resource, wanted: bool) -> None:
        body = await self._api.get(STRATEGY, resource.name)
        if body is None or body["metadata"]["uid"] != resource.uid:
            return
        others = [each for each in body["metadata"].get("finalizers", ()) if each != FINALIZER]
        if wanted and "deletionTimestamp" in body["metadata"]:
            return
        metadata: Object = {
            "finalizers": [*others, FINALIZER] if wanted else others,
            "resourceVersion": body["metadata"]["resourceVersion"],
        }
        try:
            live = await self._api.merge(STRATEGY, resource.name, {"metadata": metadata})
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return
            raise
        if wanted:
            self._strategies.put(live)
