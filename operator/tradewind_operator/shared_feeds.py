"""Brings the ingestion that several strategies share to what all of them together want.

One key stands for one feed, and the queue works on a key once at a time: no stale view of one strategy can drop what
another needs.
"""

from tradewind.manifest.plan import plan_strategy
from tradewind_operator.api import Api
from tradewind_operator.apply import Accepted, plan_steps, take_steps
from tradewind_operator.builders.feeds import Member, build_feed, feed_key, is_shared
from tradewind_operator.builders.owned import Owner
from tradewind_operator.errors import StalledError
from tradewind_operator.names import Key
from tradewind_operator.strategies import Surroundings, read_strategy


class FeedReconciler:
    """Reconciles shared feeds, by `feed_key`."""

    def __init__(self, api: Api, around: Surroundings) -> None:
        self._api = api
        self._around = around
        self._accepted = Accepted()

    def feed_of(self, strategy: str) -> str | None:
        """Return the `feed_key` of the shared feed that a strategy reads; None where its feed is its own."""
        return self._around.feeds.get(strategy)

    async def reconcile(self, name: str) -> float | None:
        """Bring a shared feed's objects to what its members want; with the last one, garbage collection takes them."""
        members = self._members(name)
        if not members:
            return None
        key: Key = ("Feed", name)
        wanted = build_feed(members, self._around.platform())
        steps = plan_steps(wanted, self._around.objects.of(key), self._accepted)
        if not steps.none:
            await take_steps(self._api, key, steps, self._around.objects, self._accepted)
        return None

    def _members(self, name: str) -> list[Member]:
        members = []
        for strategy in sorted(each for each, feed in self._around.feeds.items() if feed == name):
            resource = self._around.strategies.get(strategy)
            if resource is None or resource.leaving:
                continue
            try:
                plan = plan_strategy(read_strategy(strategy, self._around.namespace, resource.uid, resource.read()[0]))
            except StalledError:
                continue  # its own reconcile says so
            if is_shared(plan.feed_id) and feed_key(plan.feed_id) == name:
                members.append(Member(Owner("TradingStrategy", strategy, resource.uid), plan))
        return members
