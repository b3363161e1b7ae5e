"""What has to be done to objects, and what a change may restart."""

from typing import Any

import pytest
from tests.unit.operator.objects import built, live, plan

from tradewind_operator.apply import Accepted, plan_steps
from tradewind_operator.digests import owned, owned_digest, wanted_digest
from tradewind_operator.drift import hold_back
from tradewind_operator.errors import WaitError
from tradewind_operator.kinds import Object, kind_of
from tradewind_operator.names import TEMPLATE
from tradewind_operator.observed import Objects, Observed, observe


def seen(objects: list[Object]) -> dict[tuple[str, str], Observed]:
    return {(b["kind"], b["metadata"]["name"]): observe(kind_of(b), live(b)) for b in objects}


def running(objects: list[Object], ready: int = 1) -> dict[tuple[str, str], Observed]:
    with_status = []
    for body in objects:
        if body["kind"] == "Deployment":
            status = {"readyReplicas": ready, "updatedReplicas": 1, "replicas": 1, "observedGeneration": 1}
            body = {**live(body), "status": status}
        else:
            body = live(body)
        with_status.append(body)
    return {(b["kind"], b["metadata"]["name"]): observe(kind_of(b), b) for b in with_status}


def test_what_was_applied_is_what_is_owned() -> None:
    for body in built():
        assert owned_digest(owned(live(body))) == wanted_digest(body)


def test_nothing_is_done_where_all_is_right_and_others_additions_do_not_count() -> None:
    objects = built()
    assert plan_steps(objects, seen(objects), Accepted()).none
    deployment = next(b for b in objects if b["kind"] == "Deployment")
    changed = live(deployment)
    changed["spec"]["template"]["spec"]["containers"].append({"name": "mesh", "image": "mesh:1"})
    changed["spec"]["template"]["spec"]["containers"][0]["stdin"] = False  # a default of the server's
    changed["metadata"]["labels"] = {**changed["metadata"]["labels"], "mine": "1"}
    there = seen(objects) | {("Deployment", changed["metadata"]["name"]): observe(kind_of(changed), changed)}
    assert plan_steps(objects, there, Accepted()).none


@pytest.mark.parametrize("take_over", [False, True])
def test_an_edit_of_what_was_applied_is_repaired(take_over: bool) -> None:
    objects = built()
    changed = live(next(b for b in objects if b["kind"] == "Deployment"))
    changed["spec"]["revisionHistoryLimit"] = 9
    if take_over:  # an edit by another manager takes the field out of the operator's own
        del changed["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"]["f:revisionHistoryLimit"]
    there = seen(objects) | {("Deployment", changed["metadata"]["name"]): observe(kind_of(changed), changed)}
    steps = plan_steps(objects, there, Accepted())
    assert [b["metadata"]["name"] for b in steps.apply] == [changed["metadata"]["name"]]


def test_what_is_missing_is_applied_and_what_is_not_wanted_any_more_deleted_but_for_what_is_kept() -> None:
    objects = built()
    there = seen(objects)
    missing = there.pop(("Service", "quickstart-ml"))
    old = seen(built(plan(symbols=["AAPL"])))
    [extra] = [place for place in old if place not in seen(objects)]
    steps = plan_steps(objects, there | {extra: old[extra]}, Accepted())
    assert [b["metadata"]["name"] for b in steps.apply] == [missing.name]
    assert [s.place for s in steps.delete] == [extra]
    assert plan_steps(objects, seen(objects) | {extra: old[extra]}, Accepted(), keep=[extra]).none


def test_a_successor_waits_for_a_former_object_to_go() -> None:
    objects = built()
    going = live(objects[0])
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    there = seen(objects) | {("ConfigMap", going["metadata"]["name"]): observe(kind_of(going), going)}
    with pytest.raises(WaitError):
        plan_steps(objects, there, Accepted())


def test_a_form_of_the_servers_own_is_applied_once() -> None:
    objects = built()
    there = seen(objects)
    place = ("Deployment", "quickstart-ml")
    deployment = next(b for b in objects if (b["kind"], b["metadata"]["name"]) == place)
    rewritten = live(deployment)
    rewritten["spec"] = {**rewritten["spec"], "progressDeadlineSeconds": 601}
    there[place] = observe(kind_of(rewritten), rewritten)
    accepted = Accepted()
    assert len(plan_steps(objects, there, accepted).apply) == 1
    accepted.note(place, wanted_digest(deployment), there[place].content)
    assert plan_steps(objects, there, accepted).none
    other = live(deployment)
    other["spec"] = {**other["spec"], "progressDeadlineSeconds": 1}
    there[place] = observe(kind_of(other), other)
    assert len(plan_steps(objects, there, accepted).apply) == 1


def hold(new: list[Object], there: dict[tuple[str, str], Observed], **how: Any) -> Any:
    given = {"name": "q", "automatic": False, "approved": "", "positions": 2, "fresh": True, **how}
    return hold_back(new, there, Accepted(), **given)


def test_a_desk_with_positions_is_not_restarted() -> None:
    there, new = running(built()), built(plan(symbols=["AAPL"]))
    held = hold(new, there)
    assert held.condition.reason == "RestartNeedsApproval"
    steps = plan_steps(new, there, Accepted(), held.keep)
    assert not [b for b in steps.apply if b["kind"] == "Deployment"]
    assert steps.delete == []  # the manifest that it mounts stays
    trading = next(b for b in new if b["metadata"]["name"].endswith("-trading") and b["kind"] == "Deployment")
    pending = trading["metadata"]["annotations"][TEMPLATE][:8]
    assert f"approve-restart={pending}" in held.condition.message
    assert hold(new, there, approved=pending).keep == ()
    assert hold(new, there, approved="true").keep != ()
    assert hold(new, there, automatic=True).keep == ()
    assert hold(new, there, positions=0).keep == ()


def test_a_word_that_is_old_counts_for_nothing_while_the_desk_can_be_asked() -> None:
    there, new = running(built()), built(plan(symbols=["AAPL"]))
    for positions in (0, None, 2):
        held = hold(new, there, positions=positions, fresh=False)
        assert (held.ask, held.condition.reason) == (True, "AskingDesk")
    down = running(built(), ready=0)
    assert hold(new, down, positions=None, fresh=False).keep == ()  # it never ran
    assert hold(new, down, positions=2, fresh=False).keep != ()


def test_what_restarts_nothing_never_waits() -> None:
    there = running(built())
    assert hold(built(), there).keep == ()
    assert hold(built(plan(suspend=True, symbols=["AAPL"])), there).keep == ()  # its pods stop in any case
    assert hold(built(plan(symbols=["AAPL"])), {}).keep == ()


def test_a_hand_on_the_desks_template_is_not_repaired_while_it_holds_positions() -> None:
    objects = built()
    there = running(objects)
    of_kind = [body for body in objects if body["kind"] == "Deployment"]
    trading = live(next(body for body in of_kind if body["metadata"]["name"] == "quickstart-trading"))
    trading["spec"]["template"]["spec"]["containers"][0]["image"] = "mine:2"
    trading["status"] = {"readyReplicas": 1}
    there["Deployment", "quickstart-trading"] = observe(kind_of(trading), trading)
    assert hold(objects, there).condition.reason == "RestartNeedsApproval"
    assert hold(objects, there, positions=0).keep == ()


def test_objects_are_known_by_their_owner_and_an_older_word_is_not_taken() -> None:
    objects, body = Objects(), built()[0]
    kind = kind_of(body)
    assert objects.put(kind, live(body, 5)) == ("TradingStrategy", "quickstart")
    older = live(body, 4)
    older["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert objects.put(kind, older) is None
    assert not objects.of(("TradingStrategy", "quickstart"))[kind.name, body["metadata"]["name"]].leaving
    assert objects.put(kind, live(body, 6)) is None  # nothing that matters is new
    assert objects.remove(kind, body["metadata"]["name"], "another uid") is None
    assert objects.remove(kind, body["metadata"]["name"]) == ("TradingStrategy", "quickstart")
    assert objects.of(("TradingStrategy", "quickstart")) == {}
    stripped = live(body, 7)
    stripped["metadata"]["labels"] = {}
    objects.put(kind, live(body, 6))
    assert objects.put(kind, stripped) == ("TradingStrategy", "quickstart")  # it is no longer found as its owner's
