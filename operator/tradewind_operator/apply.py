"""Brings the objects of one owner to what they should be: applies what differs, deletes what is not wanted any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from tradewind_operator.api import Api
from tradewind_operator.digests import wanted_digest
from tradewind_operator.errors import ApiError, StalledError, WaitError
from tradewind_operator.kinds import (
    BY_NAME,
    CONFIG_MAP,
    DISRUPTION_BUDGET,
    NETWORK_POLICY,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
    Object,
    kind_of,
)
from tradewind_operator.metrics import REPAIRS
from tradewind_operator.names import Key
from tradewind_operator.observed import Objects, Observed, Place

_MADE_AGAIN: Final = (CONFIG_MAP, SERVICE_ACCOUNT, SERVICE, NETWORK_POLICY, DISRUPTION_BUDGET)
"""Kinds that hold no pods: one that can't be repaired is deleted and made again."""


@dataclass(frozen=True)
class Steps:
    """What has to be done to an owner's objects."""

    apply: Sequence[Object]
    delete: Sequence[Observed]

    @property
    def none(self) -> bool:
        """Whether all is as it should be."""
        return not self.apply and not self.delete


@dataclass
class Accepted:
    """What the API server made of what was applied, where it keeps it in another form than it was given.

    It writes "1000m" as "1", for one. Applying again would change nothing, so it is remembered and not done.
    """

    forms: dict[Place, tuple[int, int]] = field(default_factory=dict)

    def note(self, place: Place, wanted: int, live: int) -> None:
        """Note that this is how the server holds what was wanted."""
        if wanted == live:
            self.forms.pop(place, None)
        else:
            self.forms[place] = wanted, live

    def same(self, place: Place, wanted: int, live: int) -> bool:
        """Whether a live object is what is wanted."""
        return wanted == live or self.forms.get(place) == (wanted, live)


def plan_steps(
    wanted: Iterable[Object], live: Mapping[Place, Observed], accepted: Accepted, keep: Iterable[Place] = ()
) -> Steps:
    """Return what has to be done. Pure.

    Args:
        wanted: sealed objects, in the order in which they are applied.
        live: what there is.
        accepted: see there.
        keep: places that are neither applied nor deleted.

    Raises:
        WaitError: a former object is still going; its successor has to wait.
    """
    kept = set(keep)
    apply, places = [], set()
    for body in wanted:
        place = (body["kind"], body["metadata"]["name"])
        places.add(place)
        if place in kept:
            continue
        seen = live.get(place)
        if seen is not None and seen.leaving:
            raise WaitError("Replacing", f"the former {place[0]} {place[1]} is still being deleted", 1.0)
        if seen is None or not accepted.same(place, wanted_digest(body), seen.content):
            apply.append(body)
    gone = [seen for place, seen in live.items() if place not in places and place not in kept and not seen.leaving]
    return Steps(apply, gone)


async def take_steps(api: Api, key: Key, steps: Steps, objects: Objects, accepted: Accepted) -> None:
    """Apply and delete; what the server answers is known at once, before the watch tells it.

    Raises:
        StalledError: an object of that name belongs to somebody else, or the server refuses what the manifest asks.
        ApiError, ApiAwayError: to be tried again.
    """
    live = objects.of(key)
    for body in steps.apply:
        kind = kind_of(body)
        place = (kind.name, body["metadata"]["name"])
        if place not in live:
            await _check_free(api, kind, body)
        try:
            made = await api.apply(kind, body)
        except ApiError as error:
            if error.reason == "Invalid" and place in live and kind in _MADE_AGAIN:
                # What somebody else put beside ours does not go together with it, and is not ours to take away.
                await api.delete(kind, place[1], live[place].uid)
                raise WaitError("Replacing", f"{kind.name} {place[1]} is made again: {error.message}", 0.5) from error
            if error.reason in ("Invalid", "BadRequest"):
                raise StalledError("ObjectRefused", f"{kind.name} {place[1]}: {error.message}"[:1024]) from error
            if error.status == HTTPStatus.NOT_FOUND and kind.optional:
                raise ApiError(error.status, error.reason, f"the cluster has no {kind.plural}", "apply") from error
            raise
        REPAIRS.labels(kind.name, "changed" if place in live else "missing").inc()
        objects.put(kind, made)
        now = objects.of(key).get(place)
        if now is not None:
            accepted.note(place, wanted_digest(body), now.content)
    for seen in steps.delete:
        await api.delete(BY_NAME[seen.kind], seen.name, seen.uid)


async def _check_free(api: Api, kind: Kind, body: Object) -> None:
    """Make sure that an object which is new to the operator does not take over somebody else's of the same name."""
    name = body["metadata"]["name"]
    found = await api.get(kind, name)
    if found is None:
        return
    metadata = found["metadata"]
    ours = {reference["uid"] for reference in body["metadata"].get("ownerReferences", ())}
    theirs = {reference["uid"] for reference in metadata.get("ownerReferences", ())}
    mine = ours & theirs or (not ours and metadata.get("labels", {}).items() >= body["metadata"]["labels"].items())
    if mine:
        return
    if "deletionTimestamp" in metadata or (theirs and metadata.get("labels", {}) == body["metadata"]["labels"]):
        # Of a deleted owner of the same name; garbage collection takes it.
        raise WaitError("Replacing", f"the former {kind.name} {name} is still being deleted", 1.0)
    raise StalledError(
        "NameTaken",
        f"{kind.name} {name} exists and is not this resource's; delete or rename it, or rename this resource",
    )
