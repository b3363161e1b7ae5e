"""The Lease by which two operators never act at once."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import structlog

from tradewind_operator.api import Api
from tradewind_operator.errors import ApiAwayError, ApiError, OperatorError
from tradewind_operator.kinds import LEASE, Object
from tradewind_operator.metrics import LEADING

log = structlog.get_logger(__name__)
DURATION: Final = 15
"""Seconds after which a Lease that is not renewed is anyone's."""
_RENEW: Final = 4.0
_SAFE: Final = 10.0
"""Seconds since the last renewal for which a holder acts: well before another may take over."""


class LeaseLostError(OperatorError):
    """The Lease is another's now: this process has to end, and start afresh as a standby."""


class Lease:
    """One holder at a time. Another's is judged by how long it was seen unchanged, never by clocks that differ."""

    def __init__(self, api: Api, name: str, identity: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.identity = identity
        self._api = api
        self._name = name
        self._clock = clock
        self._renewed = -_SAFE
        self._body: Object | None = None
        self._seen: tuple[str, float] = ("", 0.0)

    def held(self) -> bool:
        """Whether this process may act now."""
        return self._clock() - self._renewed < _SAFE

    async def acquire(self) -> None:
        """Wait until this process holds the Lease."""
        while True:
            started = self._clock()
            try:
                if await self._try(started):
                    log.info("holds the lease", lease=self._name, identity=self.identity)
                    LEADING.set(1)
                    return
            except (ApiError, ApiAwayError) as error:
                log.warning("the lease can't be read", lease=self._name, error=str(error))
            await asyncio.sleep(1.0)

    async def keep(self) -> None:
        """Renew until canceled. While the API server is away nothing may be written; afterwards it goes on.

        Raises:
            LeaseLostError: another holds it.
        """
        while True:
            await asyncio.sleep(_RENEW if self._clock() - self._renewed < _RENEW else 1.0)
            started = self._clock()
            try:
                if not await self._try(started):
                    raise LeaseLostError(f"Lease {self._name} is held by another")
            except (ApiError, ApiAwayError) as error:
                log.warning("the lease can't be renewed", lease=self._name, error=str(error))
            LEADING.set(self.held())

    async def release(self) -> None:
        """Give the Lease away, so that a successor need not wait."""
        if self._body is None or not self.held():
            return
        self._renewed = -_SAFE
        LEADING.set(0)
        self._body["spec"] |= {"holderIdentity": "", "leaseDurationSeconds": 1}
        try:
            await self._api.replace(LEASE, self._body)
        except OperatorError as error:
            log.warning("the lease could not be released", error=str(error))

    async def _try(self, started: float) -> bool:
        """Take or renew the Lease; return whether it is held since `started`."""
        body = await self._api.get(LEASE, self._name)
        if body is None:
            return await self._write(self._api.create, {"metadata": {"name": self._name}}, started)
        spec: dict[str, Any] = body.get("spec") or {}
        holder = spec.get("holderIdentity") or ""
        if holder not in ("", self.identity):
            version = body["metadata"]["resourceVersion"]
            if version != self._seen[0]:
                self._seen = version, started
            if started - self._seen[1] < int(spec.get("leaseDurationSeconds") or DURATION):
                return False
        return await self._write(self._api.replace, body, started)

    async def _write(self, write: Any, body: Object, started: float) -> bool:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        spec: dict[str, Any] = body.get("spec") or {}
        if spec.get("holderIdentity") != self.identity:
            spec |= {"acquireTime": now, "leaseTransitions": int(spec.get("leaseTransitions") or 0) + 1}
        spec |= {"holderIdentity": self.identity, "leaseDurationSeconds": DURATION, "renewTime": now}
        wanted = {"apiVersion": LEASE.api_version, "kind": LEASE.name, "metadata": body["metadata"], "spec": spec}
        try:
            self._body = await write(LEASE, wanted)
        except ApiError as error:
            if error.status == HTTPStatus.CONFLICT:
                return False
            raise
        self._renewed = started
        return True
