"""Running desks over HTTP: their figures for status, and the manifest's trading state for them.

Nothing here is waited for by a reconcile: it says what it wants of a desk, and is called when something is new. All
desks together are asked at most so many times a second; what is urgent goes first.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import msgspec
import structlog

from tradewind_operator.metrics import DESK_CALLS

log = structlog.get_logger(__name__)
_SECONDS: Final = 1.5
"""How long a desk may take to answer."""
_AT_ONCE: Final = 64
_URGENT_AGAIN: Final = 0.4
_LONGEST_PAUSE: Final = 4.0
_STRICTNESS: Final = ("ACTIVE", "REDUCING", "HALTED")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a desk: where it is, and which trading state the manifest asks for (ACTIVE and the like)."""

    trading: str
    ml: str
    state: str


@dataclass(frozen=True, slots=True)
class View:
    """What a desk said last; None is not known. `at` is when, on the monotonic clock; 0 is never."""

    at: float = 0.0
    equity: str | None = None
    positions: int | None = None
    effective: str | None = None
    manifest: str | None = None
    last_signal: tuple[str, str, str] | None = None
    model_state: str | None = None
    problem: str = ""


class Desks:
    """All desks that run. `changed` is called with a strategy's name when its desk says something new."""

    def __init__(self, changed: Callable[[str], None], per_second: float, token: str = "") -> None:
        self._changed = changed
        self._pause = 1.0 / per_second
        self._token = token
        self._wanted: dict[str, Wanted] = {}
        self._views: dict[str, View] = {}
        self._urgent: deque[str] = deque()
        self._round: deque[str] = deque()
        self._asked: set[str] = set()
        self._tries: dict[str, int] = {}
        self._turn = False
        self._wake = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None

    def want(self, name: str, wanted: Wanted, known: str | None = None) -> None:
        """Keep asking a strategy's desk, and bring it the manifest's trading state: at once where it may lack it.

        `known` is the state in force that the desk was last known to have: after a start of the operator it tells which
        desks can't have the manifest's yet, since what is in force is never looser. Those go before a thousand others.
        """
        former = self._wanted.get(name)
        self._wanted[name] = wanted
        if former is None:
            self._round.append(name)
        lacks = known is None or _STRICTNESS.index(known) < _STRICTNESS.index(wanted.state)
        if lacks if former is None else former.state != wanted.state:
            self._tries.pop(name, None)
            self.ask(name, first=former is not None)

    def leave(self, name: str, *, forget: bool = False) -> None:
        """Ask a desk no more; what it said last is kept unless its strategy is gone."""
        if self._wanted.pop(name, None) is not None:
            self._round = deque(each for each in self._round if each != name)
        if forget:
            self._views.pop(name, None)
            self._tries.pop(name, None)

    def view(self, name: str) -> View:
        """Return what a desk said last."""
        return self._views.get(name, View())

    def ask(self, name: str, *, first: bool = False) -> None:
        """Ask a desk as soon as may be; `first`, before all others."""
        if first:
            self._urgent.appendleft(name)
        elif name not in self._urgent:
            self._urgent.append(name)
        self._wake.set()

    async def flatten(self, name: str, key: str) -> bool:
        """Ask a desk to get out of everything; return whether it took that in. The key names the request."""
        wanted = self._wanted.get(name)
        if wanted is None:
            return False
        document = {"reason": "its TradingStrategy is being deleted"}
        answer = await self._request("POST", f"{wanted.trading}/flatten", "flatten", document, key)
        return answer is not None

    async def run(self) -> None:
        """Ask until canceled: a turn is one request's worth of time, and a desk's three questions take three."""
        limit = asyncio.Semaphore(_AT_ONCE)
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(_SECONDS),
                connector=aiohttp.TCPConnector(limit=_AT_ONCE, keepalive_timeout=30),
            ) as self._session,
            asyncio.TaskGroup() as group,
        ):
            while True:
                name = self._next()
                if name is None:
                    self._wake.clear()
                    try:
                        async with asyncio.timeout(1.0):
                            await self._wake.wait()
                    except TimeoutError:
                        pass
                    continue
                await limit.acquire()
                self._asked.add(name)
                task = group.create_task(self._visit(name))
                task.add_done_callback(lambda _: limit.release())
                await asyncio.sleep(self._pause * 3)

    def _next(self) -> str | None:
        # Every other turn is the round's while both wait: desks that are down must not hide the others.
        self._turn = not self._turn
        while self._urgent and (self._turn or not self._round):
            name = self._urgent.popleft()
            if name in self._wanted and name not in self._asked:
                return name
        for _ in range(len(self._round)):
            name = self._round[0]
            self._round.rotate(-1)
            if name in self._wanted and name not in self._asked:
                return name
        return None

    async def _visit(self, name: str) -> None:
        try:
            wanted = self._wanted[name]
            before = self.view(name)
            view = await self._look(wanted, before)
            if name not in self._wanted:
                return
            self._views[name] = view
            if view.manifest is not None and view.manifest != wanted.state:
                view = await self._set_state(name, wanted, view)
            if view.problem and before.problem != view.problem and before.at:
                log.warning("a desk does not answer", strategy=name, problem=view.problem)
            if replace(view, at=0.0) != replace(before, at=0.0) or not before.at:
                self._changed(name)
        finally:
            self._asked.discard(name)
        current = self._wanted.get(name)
        if current is not None and self.view(name).manifest != current.state:
            # Not there yet: soon again, and not only in the next round.
            tries = self._tries[name] = self._tries.get(name, 0) + 1
            pause = min(_LONGEST_PAUSE, _URGENT_AGAIN * 2.0 ** min(tries - 1, 10))
            asyncio.get_running_loop().call_later(pause, self.ask, name)
        else:
            self._tries.pop(name, None)

    async def _look(self, wanted: Wanted, before: View) -> View:
        risk = await self._request("GET", f"{wanted.trading}/risk", "risk")
        if risk is None:
            return replace(before, problem="it does not answer", manifest=None)
        sides = {each["side"]: each["state"] for each in risk["trading_state"]["sides"]}
        view = replace(
            before,
            at=time.monotonic(),
            equity=str(risk["equity"]),
            positions=len(risk["positions"]),
            effective=risk["trading_state"]["effective"],
            manifest=sides.get("MANIFEST"),
            problem="",
        )
        signals = await self._request("GET", f"{wanted.trading}/signals?limit=1", "signals")
        if signals and signals["signals"]:
            last = signals["signals"][0]
            view = replace(view, last_signal=(last["symbol"], last["side"], last["instant"]))
        ready = await self._request("GET", f"{wanted.ml}/readyz", "ml")
        if ready is not None:
            reason = (ready.get("conditions") or {}).get("model")
            view = replace(view, model_state="AVAILABLE" if reason is None else str(reason)[:64])
        return view

    async def _set_state(self, name: str, wanted: Wanted, view: View) -> View:
        document = {"side": "MANIFEST", "state": wanted.state, "reason": "the manifest says so"}
        answer = await self._request("POST", f"{wanted.trading}/trading-state", "trading-state", document)
        if answer is None:
            return view
        log.info("a desk has the manifest's trading state", strategy=name, state=wanted.state)
        view = replace(view, effective=answer["effective"], manifest=wanted.state)
        self._views[name] = view
        return view

    async def _request(self, method: str, url: str, route: str, document: Any = None, key: str = "") -> Any:
        assert self._session is not None
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        result = "failed"
        try:
            async with self._session.request(method, url, json=document, headers=headers) as response:
                result = str(response.status)
                # A 503 of /readyz says why, as a document.
                if response.status < HTTPStatus.BAD_REQUEST or route == "ml":
                    return msgspec.json.decode(await response.read())
                return None
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError):
            return None
        finally:
            DESK_CALLS.labels(route, result).inc()
