"""Writes status: only where it changed, and figures that change all the time at a bounded rate."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from tradewind_operator.api import Api
from tradewind_operator.errors import ApiError
from tradewind_operator.events import Events
from tradewind_operator.kinds import Kind
from tradewind_operator.resources import Resource, Resources

FIGURES: Final = frozenset({"equity", "openPositions", "lastSignal", "modelState"})
"""What changes while all goes well."""
_TELLS: Final = ("Ready", "Stalled", "ConfigDrift", "Complete", "Failed")
_GONE: Final = (404, 409)


class StatusWriter:
    """Writes the status of one kind's resources, and tells of what turned."""

    def __init__(
        self,
        api: Api,
        kind: Kind,
        resources: Resources,
        events: Events,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._kind = kind
        self._resources = resources
        self._events = events
        self._seconds = seconds
        self._clock = clock
        self._written: dict[str, float] = {}

    def forget(self, name: str) -> None:
        """Forget a resource that is gone."""
        self._written.pop(name, None)

    async def write(self, resource: Resource, before: Mapping[str, Any], now: dict[str, Any]) -> float | None:
        """Write a status that differs from what is there.

        Returns:
            In how many seconds it may be written, where only figures changed and they were written just now.
        """
        if now == before:
            return None
        moment = self._clock()
        if not _differs_in_more(before, now):
            left = self._written.get(resource.name, -self._seconds) + self._seconds - moment
            if left > 0:
                return left
        body = {
            "apiVersion": self._kind.api_version,
            "kind": self._kind.name,
            "metadata": {"name": resource.name, "uid": resource.uid},
            "status": now,
        }
        try:
            live = await self._api.apply(self._kind, body, subresource="status")
        except ApiError as error:
            if error.status in _GONE:
                return None  # it went meanwhile, or another one has its name: its own events follow
            raise
        self._written[resource.name] = moment
        self._resources.put(live)
        self._tell(resource, before, now)
        return None

    def _tell(self, resource: Resource, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        former = {each["type"]: each for each in before.get("conditions", ())}
        for each in now["conditions"]:
            known = former.get(each["type"], {})
            same = (known.get("status"), known.get("reason")) == (each["status"], each["reason"])
            first_quiet = not known and each["status"] == "False"
            if each["type"] not in _TELLS or same or first_quiet:
                continue
            warning = (each["type"] != "Ready") == (each["status"] == "True") and each["type"] != "Complete"
            quiet = each["type"] != "Ready" and each["status"] == "False"
            if quiet or each["reason"] == known.get("reason"):
                continue
            self._events.tell(
                self._kind.name, resource.name, resource.uid, each["reason"], each["message"],
                warning=warning and each["reason"] not in ("Progressing", "Suspended", "Pending"),
            )  # fmt: skip


def _differs_in_more(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return any(before.get(key) != now.get(key) for key in (before.keys() | now.keys()) - FIGURES)
