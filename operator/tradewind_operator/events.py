"""Events: what a person would ask about, told once. Telling never holds a reconcile up, and may be lost."""

import asyncio
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import structlog

from tradewind_operator.api import Api
from tradewind_operator.errors import OperatorError
from tradewind_operator.kinds import API_VERSION, EVENT
from tradewind_operator.names import MANAGER

log = structlog.get_logger(__name__)
_WAITING: Final = 200
_PAUSE: Final = 0.1


class Events:
    """Sends events one by one, at most ten a second; where too many wait, the newest are dropped."""

    def __init__(self, api: Api, instance: str) -> None:
        self._api = api
        self._instance = instance
        self._waiting: asyncio.Queue[dict[str, object]] = asyncio.Queue(_WAITING)

    def tell(self, kind: str, name: str, uid: str, reason: str, note: str, *, warning: bool = False) -> None:
        """Tell something about a resource."""
        event: dict[str, object] = {
            "apiVersion": EVENT.api_version,
            "kind": EVENT.name,
            "metadata": {"name": f"{name[:40]}.{uuid4().hex[:16]}"},
            "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "reportingController": f"tradewind.dev/{MANAGER}",
            "reportingInstance": self._instance[:128],
            "action": "Reconcile",
            "reason": reason,
            "note": note[:1024] or reason,
            "type": "Warning" if warning else "Normal",
            "regarding": {
                "apiVersion": API_VERSION,
                "kind": kind,
                "name": name,
                "namespace": self._api.namespace,
                "uid": uid,
            },
        }
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            log.warning("an event is dropped: too many wait", kind=kind, name=name, reason=reason)

    async def run(self) -> None:
        """Send until canceled."""
        while True:
            event = await self._waiting.get()
            try:
                await self._api.create(EVENT, event)
            except OperatorError as error:
                log.warning("an event could not be told", reason=event["reason"], error=str(error))
            await asyncio.sleep(_PAUSE)
