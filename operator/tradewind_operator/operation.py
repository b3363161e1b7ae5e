"""The operator as it runs: watches that feed what is known, a queue that reconciles, and the tasks beside them."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

import structlog
from aiohttp import web

from tradewind_operator.api import Api
from tradewind_operator.backtests import BacktestReconciler
from tradewind_operator.builders.platform import Platform
from tradewind_operator.desks import Desks
from tradewind_operator.errors import OperatorError
from tradewind_operator.events import Events
from tradewind_operator.flatten import Flattening
from tradewind_operator.health import CANARY, CANARY_SECONDS, DEAF_SECONDS, Canary, app
from tradewind_operator.kinds import BACKTEST, CHILDREN, CONFIG_MAP, SECRET, STRATEGY, Kind, Object
from tradewind_operator.lease import Lease
from tradewind_operator.metrics import OBJECTS
from tradewind_operator.names import SELECTOR, Key
from tradewind_operator.observed import Objects
from tradewind_operator.queue import WorkQueue
from tradewind_operator.resources import Resources
from tradewind_operator.settings import OperatorSettings
from tradewind_operator.shared_feeds import FeedReconciler
from tradewind_operator.status import StatusWriter
from tradewind_operator.strategies import StrategyReconciler, Surroundings
from tradewind_operator.watch import Watch

log = structlog.get_logger(__name__)
_RETRY_SECONDS: Final = 2.0
_PATIENCE_SECONDS: Final = 5.0


class Children:
    """Takes what the watches of objects bring, and has their owners reconciled."""

    def __init__(self, objects: Objects, queue: WorkQueue, canary: Canary) -> None:
        self._objects = objects
        self._queue = queue
        self._canary = canary

    def put(self, kind: Kind, body: Object) -> None:
        """Take an object as it is now."""
        if kind is CONFIG_MAP and body["metadata"]["name"] == CANARY:
            self._canary.heard(int(body["metadata"]["resourceVersion"]))
            return
        self._enqueue(self._objects.put(kind, body))

    def remove(self, kind: Kind, name: str, uid: str = "") -> None:
        """Take the end of an object."""
        self._enqueue(self._objects.remove(kind, name, uid))

    def known(self, kind: Kind) -> set[str]:
        """Return the names of the kind's objects that are known."""
        return {name for name, _, _ in self._objects.places(kind)}

    def _enqueue(self, key: Key | None) -> None:
        if key is not None:
            self._queue.add(key)


def _nothing() -> None:
    """Do nothing."""


class Secrets:
    """Takes which of the Secrets that pods need are there; nothing of their content."""

    def __init__(self, needed: tuple[str, ...]) -> None:
        self._needed = needed
        self._present: set[str] = set()
        self.changed: Callable[[], None] = _nothing

    def put(self, kind: Kind, body: Object) -> None:
        """Take that one is there."""
        del kind
        name = body["metadata"]["name"]
        if name not in self._present:
            self._present.add(name)
            self.changed()

    def remove(self, kind: Kind, name: str, uid: str = "") -> None:
        """Take that one is gone."""
        del kind, uid
        if name in self._present:
            self._present.discard(name)
            self.changed()

    def known(self, kind: Kind) -> set[str]:
        """Return those that are there."""
        del kind
        return set(self._present)

    def lacking(self) -> str | None:
        """Return one that is needed and not there."""
        return next((name for name in self._needed if name not in self._present), None)


class Operation:
    """Everything of one operator process."""

    def __init__(self, settings: OperatorSettings, api: Api, lease: Lease, desk_token: str = "") -> None:
        self.settings = settings
        self.api = api
        self.lease = lease
        self.strategies, self.backtests, self.objects = Resources(), Resources(), Objects()
        self.queue = WorkQueue(self._reconcile)
        self.canary = Canary(api)
        self.secrets = Secrets(settings.secrets)
        self.secrets.changed = self._enqueue_all
        self._platform: Platform = settings.platform()
        self._children = Children(self.objects, self.queue, self.canary)
        self._watches: dict[str, Watch] = {}
        self._caught_up = False
        self._group: asyncio.TaskGroup | None = None
        events = Events(api, lease.identity)
        desks = Desks(lambda name: self.queue.add(("TradingStrategy", name)), settings.polls_per_second, desk_token)
        around = Surroundings(
            settings.namespace, self.strategies, self.backtests, self.objects, lambda: self._platform,
            self.secrets.lacking, self.queue.add,
        )  # fmt: skip
        seconds = settings.status_seconds
        flattening = Flattening(api, desks, events, self.strategies, settings.flatten_seconds)
        self._events, self._desks = events, desks
        self._of_strategies = StrategyReconciler(
            api, around, desks, StatusWriter(api, STRATEGY, self.strategies, events, seconds), flattening,
            settings.desk_url,
        )  # fmt: skip
        self._of_backtests = BacktestReconciler(
            api, around, StatusWriter(api, BACKTEST, self.backtests, events, seconds)
        )
        self._of_feeds = FeedReconciler(api, around)

    def take_resource(self, kind: Kind, sort: str | None, body: Object) -> None:
        """Take what happened to a TradingStrategy or a Backtest: `sort` is a watch event's type, None in a list."""
        known = self._known(kind)
        name = body["metadata"]["name"]
        changed = known.remove(name, body["metadata"]["uid"]) if sort == "DELETED" else known.put(body)
        OBJECTS.labels(kind.name).set(len(known))
        if changed:
            self._touch(kind, name)

    def _touch(self, kind: Kind, name: str) -> None:
        self.queue.add(("TradingStrategy" if kind is STRATEGY else "Backtest", name))
        if kind is STRATEGY:
            feed = self._of_feeds.feed_of(name)
            if feed is not None:
                self.queue.add(("Feed", feed))
            for backtest, strategy in list(self._of_backtests.waiting.items()):
                if strategy == name:
                    self.queue.add(("Backtest", backtest))

    async def run(self) -> None:
        """Run until canceled.

        Raises:
            LeaseLostError: another operator acts now; this process has to end.
        """
        async with asyncio.TaskGroup() as group:
            self._group = group
            await self._discover()
            for kind in CHILDREN:
                if not kind.optional:
                    self._begin_watch(Watch(self.api, kind, self._children, SELECTOR))
            for name in self.settings.secrets:
                watch = Watch(
                    self.api, SECRET, self.secrets, metadata_only=True, field_selector=f"metadata.name={name}"
                )
                self._begin_watch(watch, f"secret/{name}")
            server = group.create_task(self._serve(), name="http")
            del server
            await self.lease.acquire()
            group.create_task(self.lease.keep(), name="lease")
            await self._catch_up()
            group.create_task(self.queue.run(self.settings.workers), name="queue")
            group.create_task(self._desks.run(), name="desks")
            group.create_task(self._events.run(), name="events")
            group.create_task(self._sing(), name="canary")
            group.create_task(self._resync(), name="resync")

    async def _catch_up(self) -> None:
        """Wait until everything that was there is known: to act before would be to make again what there is."""
        started = time.monotonic()
        for watch in list(self._watches.values()):
            await watch.listed.wait()
        for kind in (STRATEGY, BACKTEST):
            await self._know_all(kind)
        self._caught_up = True
        self._enqueue_all()
        for key in self.objects.owners():
            self.queue.add(key)
        log.info(
            "caught up", seconds=round(time.monotonic() - started, 2), strategies=len(self.strategies),
            backtests=len(self.backtests),
        )  # fmt: skip

    async def _know_all(self, kind: Kind) -> None:
        """Wait until every resource that is there now has come by Kopf's watch."""
        while True:
            try:
                lacking = await self._names(kind) - set(self._known(kind))
            except OperatorError as error:
                log.warning("resources can't be listed", kind=kind.name, error=str(error))
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            until = time.monotonic() + _PATIENCE_SECONDS
            while lacking and time.monotonic() < until:
                await asyncio.sleep(0.1)
                lacking -= set(self._known(kind))
            if not lacking:
                return

    async def _names(self, kind: Kind) -> set[str]:
        return {
            item["metadata"]["name"] async for items, _ in self.api.pages(kind, metadata_only=True) for item in items
        }

    def _known(self, kind: Kind) -> Resources:
        return self.strategies if kind is STRATEGY else self.backtests

    def _begin_watch(self, watch: Watch, name: str = "") -> None:
        assert self._group is not None
        name = name or watch.kind.plural
        self._watches[name] = watch
        self._group.create_task(watch.run(), name=f"watch-{name}")

    async def _discover(self) -> None:
        """Learn which optional kinds the cluster has, and watch those that are new."""
        groups = {each["name"] for each in (await self.api.get_path("/apis"))["groups"]}
        present = set()
        for kind in CHILDREN:
            if kind.optional and kind.group in groups and self._uses(kind):
                try:
                    served = await self.api.get_path(f"/apis/{kind.api_version}")
                except OperatorError:
                    continue
                if any(each["name"] == kind.plural for each in served["resources"]):
                    present.add(kind.name)
                    if kind.plural not in self._watches:
                        self._begin_watch(Watch(self.api, kind, self._children, SELECTOR))
        self._platform = self.settings.platform(frozenset(present))

    def _uses(self, kind: Kind) -> bool:
        wanted = {"KafkaUser": self.settings.strimzi_cluster, "DatabaseRole": self.settings.cnpg_cluster}
        return bool(wanted.get(kind.name, "yes"))

    async def _reconcile(self, key: Key) -> float | None:
        kind, name = key
        if kind == "Feed":
            return await self._of_feeds.reconcile(name)
        if kind == "Backtest":
            return await self._of_backtests.reconcile(name)
        again = await self._of_strategies.reconcile(name)
        if self.strategies.get(name) is None:
            self.queue.forget(key)
        return again

    def _enqueue_all(self) -> None:
        if not self._caught_up:
            return
        for name in self.strategies:
            self.queue.add(("TradingStrategy", name))
        for name in self.backtests:
            self.queue.add(("Backtest", name))

    async def _sing(self) -> None:
        while True:
            await self.canary.sing()
            await asyncio.sleep(CANARY_SECONDS)

    async def _resync(self) -> None:
        """Look at everything again, slowly, though nothing happened; and at what a watch may have missed."""
        while True:
            await asyncio.sleep(self.settings.resync_seconds)
            try:
                await self._discover()
                for watch in list(self._watches.values()):
                    await watch.relist()
                for kind in (STRATEGY, BACKTEST):
                    await self._relist(kind)
            except OperatorError as error:
                log.warning("a resync broke off", error=str(error))
                continue
            keys: dict[Key, None] = dict.fromkeys(("TradingStrategy", name) for name in self.strategies)
            keys |= dict.fromkeys(("Backtest", name) for name in self.backtests)
            keys |= dict.fromkeys(self.objects.owners())
            pause = min(0.05, self.settings.resync_seconds / 2 / max(1, len(keys)))
            for key in keys:
                self.queue.add(key)
                await asyncio.sleep(pause)

    async def _relist(self, kind: Kind) -> None:
        known = self._known(kind)
        before = set(known)
        for name in before - await self._names(kind):
            if await self.api.get(kind, name) is None and known.remove(name):
                self._touch(kind, name)

    async def _serve(self) -> None:
        def deaf() -> str | None:
            now = time.monotonic()
            silent = [name for name, watch in self._watches.items() if now - watch.heard_at > DEAF_SECONDS]
            return f"watches hear nothing: {', '.join(sorted(silent))}" if silent else None

        live = {"watches": deaf, "canary": self.canary.problem}
        ready = {
            "caught_up": lambda: None if self._caught_up or not self.lease.held() else "still reads what there is",
        }
        runner = web.AppRunner(app(live, ready), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.settings.host, self.settings.port).start()
            await asyncio.Event().wait()
        finally:
            with contextlib.suppress(Exception):
                await runner.cleanup()

    async def stop(self) -> None:
        """Give the Lease away and let go of connections, after `run` was canceled."""
        await self.lease.release()
        await self.api.close()
