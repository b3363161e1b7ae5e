"""Lists and then watches one kind of object, for ever.

Kopf watches the two resources; the objects that belong to them come this way: there are fifteen times as many, and each
would cost a task and a memory of its own there, while here it is looked at and dropped. Secrets and ConfigMaps that
belong to others come without their content.
"""

import asyncio
import random
import time
from typing import Final, Protocol

import structlog

from tradewind_operator.api import Api
from tradewind_operator.errors import ApiAwayError, ApiError
from tradewind_operator.kinds import Kind, Object
from tradewind_operator.metrics import WATCH_EVENTS, WATCH_LISTS, WATCH_STARTS

log = structlog.get_logger(__name__)
_LONGEST_PAUSE: Final = 10.0
_GONE: Final = 410


class Receiver(Protocol):
    """Takes what a watch brings."""

    def put(self, kind: Kind, body: Object) -> None:
        """Take an object as it is now."""
        ...

    def remove(self, kind: Kind, name: str, uid: str = "") -> None:
        """Take the end of an object; of whichever has the name where no uid is given."""
        ...

    def known(self, kind: Kind) -> set[str]:
        """Return the names of the kind's objects that are known."""
        ...


class Watch:
    """One kind's watch. `listed` is set once all objects that were there at the start are known."""

    def __init__(
        self,
        api: Api,
        kind: Kind,
        receiver: Receiver,
        selector: str = "",
        metadata_only: bool = False,
        field_selector: str = "",
    ) -> None:
        self.kind = kind
        self.listed = asyncio.Event()
        self.heard_at = time.monotonic()
        """When the API server last said anything, bookmarks included: about one a minute come where all is quiet."""
        self._api = api
        self._receiver = receiver
        self._chosen = {"labelSelector": selector, "fieldSelector": field_selector}
        self._metadata_only = metadata_only
        self._since = ""

    async def run(self) -> None:
        """Watch until canceled."""
        pause = 0.0
        while True:
            try:
                if not self._since:
                    await self._list()
                await self._follow()
                pause = 0.0
            except ApiError as error:
                if error.status == _GONE:
                    self._since = ""
                    continue
                pause = self._pause_after(error, pause)
            except ApiAwayError as error:
                pause = self._pause_after(error, pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads load, hides nothing

    async def relist(self) -> None:
        """Look at the names of all objects, and forget those that are gone: a watch can miss an end."""
        present = set()
        async for items, _ in self._api.pages(self.kind, self._chosen, metadata_only=True):
            present |= {item["metadata"]["name"] for item in items}
        before = self._receiver.known(self.kind)
        for name in before - present:
            # It may have been made after its page was read.
            if await self._api.get(self.kind, name) is None:
                self._receiver.remove(self.kind, name)

    async def _list(self) -> None:
        WATCH_LISTS.labels(self.kind.plural).inc()
        before = self._receiver.known(self.kind)
        version, present = "", set()
        async for items, version in self._api.pages(self.kind, self._chosen, self._metadata_only):  # noqa: B007
            for item in items:
                present.add(item["metadata"]["name"])
                self._receiver.put(self.kind, item)
            self.heard_at = time.monotonic()
            await asyncio.sleep(0)
        for name in before - present:
            self._receiver.remove(self.kind, name)
        self._since = version
        self.listed.set()

    async def _follow(self) -> None:
        WATCH_STARTS.labels(self.kind.plural).inc()
        self.heard_at = time.monotonic()
        events = WATCH_EVENTS.labels(self.kind.plural)
        async for sort, body in self._api.watch(self.kind, self._since, self._chosen, self._metadata_only):
            self.heard_at = time.monotonic()
            self._since = body["metadata"]["resourceVersion"]
            if sort == "BOOKMARK":
                continue
            events.inc()
            if sort == "DELETED":
                self._receiver.remove(self.kind, body["metadata"]["name"], body["metadata"]["uid"])
            else:
                self._receiver.put(self.kind, body)

    def _pause_after(self, error: Exception, pause: float) -> float:
        log.warning("a watch broke off", kind=self.kind.name, error=str(error))
        return min(_LONGEST_PAUSE, max(0.5, pause * 2))
