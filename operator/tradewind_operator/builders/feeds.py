"""Shared feeds: strategies of one feed share one ingestion, planned from all of them at once.

A data vendor is asked once per symbol. Replay feeds are a strategy's own, so none is shared today; a live source's
feed_id is its source, interval and secret, and whoever has the same shares it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradewind.manifest.plan import Plan
from tradewind_operator.builders.manifests import build_manifest
from tradewind_operator.builders.owned import Group, Owner
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.strategies import build_services
from tradewind_operator.digests import seal
from tradewind_operator.kinds import Object
from tradewind_operator.names import FEED_LABEL


@dataclass(frozen=True)
class Member:
    """A strategy that reads a feed."""

    owner: Owner
    plan: Plan


def is_shared(feed_id: str) -> bool:
    """Whether strategies can share a feed: not where it is a strategy's own."""
    return not feed_id.startswith(("replay.", "file."))


def feed_key(feed_id: str) -> str:
    """Return the name under which a feed's objects are found and reconciled."""
    return "feed-" + hashlib.sha256(feed_id.encode()).hexdigest()[:16]


def group_feeds(members: Iterable[Member]) -> dict[str, list[Member]]:
    """Return the members of each shared feed, by `feed_key`, each in the order of their names."""
    feeds: dict[str, list[Member]] = defaultdict(list)
    for member in sorted(members, key=lambda each: each.owner.name):
        if is_shared(member.plan.feed_id):
            feeds[feed_key(member.plan.feed_id)].append(member)
    return dict(feeds)


def build_feed(members: Sequence[Member], platform: Platform) -> list[Object]:
    """Return the objects of a shared feed: owned by every member, gone with the last one.

    Its manifest is the first member's with the symbols of all; it runs while any member does.
    """
    first = members[0]
    feed_id = first.plan.feed_id
    group = Group(FEED_LABEL, feed_key(feed_id), [each.owner.reference(controller=False) for each in members])
    running = [each for each in members if not each.plan.suspended] or list(members)
    document = _joined(running)
    settings = {"TRADEWIND_FEED_ID": feed_id, "TRADEWIND_STRATEGY_ID": feed_id}
    services = [replace(s, settings=settings) for s in first.plan.services if s.service == "ingestion"]
    suspended = all(each.plan.suspended for each in members)
    plan = replace(first.plan, suspended=suspended, strategy_id=feed_id)
    manifest = build_manifest(document, group)
    objects = [manifest, *build_services(services, plan, group, platform, manifest["metadata"]["name"])]
    return [seal(body) for body in objects]


def _joined(members: Sequence[Member]) -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads(members[0].plan.manifest)
    symbols = {symbol for each in members for symbol in json.loads(each.plan.manifest)["spec"]["symbols"]}
    return {**document, "spec": {"feed": document["spec"]["feed"], "symbols": sorted(symbols)}}
