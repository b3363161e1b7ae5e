"""Whether a change may restart a desk now: not while it holds positions, unless somebody said that it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tradewind_operator.apply import Accepted
from tradewind_operator.conditions import Condition
from tradewind_operator.digests import wanted_digest
from tradewind_operator.kinds import CONFIG_MAP, DEPLOYMENT, Object
from tradewind_operator.names import APPROVE, COMPONENT, TEMPLATE
from tradewind_operator.observed import Observed, Place, Workload

FRESH_SECONDS: Final = 15.0
"""How old a desk's word on its positions may be."""


@dataclass(frozen=True)
class Held:
    """What is left as it is for now, and why: the condition ConfigDrift. `ask` says that the desk's word is wanted."""

    keep: Sequence[Place] = ()
    condition: Condition = field(default_factory=lambda: Condition("ConfigDrift", False, "InSync"))
    ask: bool = False


def hold_back(
    wanted: Sequence[Object],
    live: Mapping[Place, Observed],
    accepted: Accepted,
    *,
    name: str,
    automatic: bool,
    approved: str,
    positions: int | None,
    fresh: bool,
) -> Held:
    """Return what must wait. Pure.

    Where the desk must wait, the services beside it wait with it: all of them speak of one manifest.

    Args:
        wanted: the strategy's objects.
        live: what there is.
        accepted: forms of the API server's own.
        name: the strategy's.
        automatic: `updateStrategy: Automatic`.
        approved: what the annotation approve-restart says.
        positions: how many symbols the desk held when it spoke last; None where it never did.
        fresh: that was just now.
    """
    trading = next(body for body in wanted if body["kind"] == DEPLOYMENT.name and _component(body) == "trading")
    place = (DEPLOYMENT.name, trading["metadata"]["name"])
    seen, template = live.get(place), trading["metadata"]["annotations"][TEMPLATE]
    if seen is None or not isinstance(seen.detail, Workload) or seen.detail.template == template:
        return Held()
    if accepted.same(place, wanted_digest(trading), seen.content):
        return Held()
    restarts = seen.detail.wanted > 0 and trading["spec"].get("replicas", 1) > 0
    pending = template[:8]
    if not restarts or automatic or approved == pending:
        return Held()
    keep = [(b["kind"], b["metadata"]["name"]) for b in wanted if b["kind"] == DEPLOYMENT.name]
    keep += [place for place in live if place[0] == CONFIG_MAP.name]
    if seen.detail.ready > 0 and not fresh:
        message = f"the desk is asked whether it holds positions before change {pending} restarts it"
        return Held(keep, Condition("ConfigDrift", True, "AskingDesk", message), ask=True)
    if not positions:
        return Held()
    message = (
        f"the desk holds {positions} position{'s' if positions > 1 else ''}, so change {pending} waits; "
        f"to restart it now: kubectl annotate tws {name} {APPROVE}={pending} --overwrite"
    )
    return Held(keep, Condition("ConfigDrift", True, "RestartNeedsApproval", message))


def _component(body: Object) -> str:
    return str(body["metadata"]["labels"][COMPONENT])
