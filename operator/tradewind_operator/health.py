"""Whether the operator lives: its watches hear, its canary sings, its Lease is held or somebody else's; over HTTP."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from tradewind_operator.api import Api
from tradewind_operator.errors import OperatorError
from tradewind_operator.kinds import CONFIG_MAP
from tradewind_operator.names import MANAGED_BY, MANAGER

log = structlog.get_logger(__name__)
CANARY: Final = "tradewind-operator-canary"
CANARY_SECONDS: Final = 30.0
DEAF_SECONDS: Final = 150.0
"""How long a watch may hear nothing: bookmarks come about every minute."""
SILENT_SECONDS: Final = 120.0
"""How long a canary's song may take to come back."""

Probe = Callable[[], str | None]


class Canary:
    """An object that is changed now and then: if its change does not come back by the watch, the watch is dead."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._sung: tuple[int, float] | None = None
        """The version that the oldest change still unheard of made, and when."""

    async def sing(self) -> None:
        """Change the object."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        body = {
            "apiVersion": CONFIG_MAP.api_version,
            "kind": CONFIG_MAP.name,
            "metadata": {"name": CANARY, "labels": {MANAGED_BY: MANAGER}},
            "data": {"at": now},
        }
        try:
            live = await self._api.apply(CONFIG_MAP, body)
        except OperatorError as error:
            log.warning("the canary could not sing", error=str(error))
            return
        if self._sung is None:
            self._sung = int(live["metadata"]["resourceVersion"]), self._clock()

    def heard(self, version: int) -> None:
        """Take in that the watch brought the object at that version."""
        if self._sung is not None and version >= self._sung[0]:
            self._sung = None

    def problem(self) -> str | None:
        """Return what is wrong, None where nothing is."""
        if self._sung is None or self._clock() - self._sung[1] < SILENT_SECONDS:
            return None
        return f"a change of ConfigMap {CANARY} did not come back for {self._clock() - self._sung[1]:.0f} s"


def app(live: Mapping[str, Probe], ready: Mapping[str, Probe]) -> web.Application:
    """Return /healthz, /readyz and /metrics; 503 with the reasons where a probe finds fault."""

    def answer(probes: Mapping[str, Probe]) -> web.Response:
        faults = {name: fault for name, probe in probes.items() if (fault := probe()) is not None}
        document = {"status": "failing" if faults else "ok", "conditions": faults}
        return web.json_response(document, status=503 if faults else 200)

    async def healthz(_: web.Request) -> web.Response:
        return answer(live)

    async def readyz(_: web.Request) -> web.Response:
        return answer({**live, **ready})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    application = web.Application()
    application.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return application
