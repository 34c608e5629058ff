"""An actor's way into a network and out of it, each step logged and told."""

from datetime import date

import pytest

from samkraft.networks.models import Fulfilment, MembershipState, NetworkMembership, NetworkState
from samkraft.networks.operations import memberships
from samkraft.networks.queries import memberships as queries
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_memberships import confirm, joining, submit

pytestmark = pytest.mark.django_db


def log_of(membership):
    rows = TransitionLog.objects.of(membership)
    return [(row.from_state, row.to_state, row.by, row.why) for row in rows]


def told(person):
    return [mail.subject for mail in OutboxMessage.objects.filter(to_user=person).order_by("pk")]


def test_interest_is_told_to_those_who_convene():
    at = joining()
    membership = memberships.express_interest(
        network=at.network, actor=at.actor, message="How much time does it take?", by=at.contact, now=NOW
    )
    mail = OutboxMessage.objects.get(to_user=at.convener)
    assert (membership.state, mail.kind) == (MembershipState.INTERESTED, "networks.evidence")
    assert mail.subject == f"{at.actor.name} is interested in {at.network.name}"
    assert "How much time does it take?" in mail.text
    with pytest.raises(Refused):
        memberships.express_interest(network=at.network, actor=at.actor, by=at.contact, now=NOW)


def test_application_is_told_to_both_sides_and_logged():
    at = joining()
    sent = submit(at, message="We look forward to it.")
    membership = sent.membership
    membership.refresh_from_db()
    assert (membership.state, membership.message) == ("applied", "We look forward to it.")
    assert log_of(membership) == [("interested", "applied", at.contact, "")]
    assert told(at.convener) == [f"{at.actor.name} applies to join {at.network.name}"]
    assert told(at.contact) == [f"Your application to {at.network.name}"]


def test_admitted_actor_is_in_the_register_with_its_evidence():
    at = joining()
    sent = submit(at)
    assert list(queries.register(at.network)) == []
    membership = confirm(at, sent)
    assert list(queries.register(at.network)) == [membership]
    assert (membership.since, membership.due_on) == (date(2026, 3, 2), date(2027, 3, 2))
    assert log_of(membership)[-1] == ("applied", "admitted", at.convener, "")
    assert told(at.contact)[-1] == f"{at.actor.name} is a member of {at.network.name}"


def test_applicant_that_is_asked_completes_and_is_admitted():
    at = joining()
    first = submit(at)
    membership = first.membership
    membership.refresh_from_db()
    memberships.ask(membership=membership, why="The link leads to another company.", by=at.convener, now=NOW)
    first.refresh_from_db()
    assert (first.state, first.why) == ("rejected", "The link leads to another company.")
    assert "The link leads to another company." in OutboxMessage.objects.filter(to_user=at.contact).latest("pk").text
    second = submit(at, url="https://pledge.example/right")
    membership = confirm(at, second)
    assert membership.fulfilment == second
    assert [(move[0], move[1]) for move in log_of(membership)] == [
        ("interested", "applied"),
        ("applied", "asked"),
        ("asked", "applied"),
        ("applied", "admitted"),
    ]


def test_declined_actor_can_apply_anew():
    at = joining()
    membership = submit(at).membership
    membership.refresh_from_db()
    declined = memberships.decline(membership=membership, why="It sells coal.", by=at.convener, now=NOW)
    assert (declined.state, declined.why) == ("declined", "It sells coal.")
    assert log_of(declined)[-1] == ("applied", "declined", at.convener, "It sells coal.")
    again = submit(at)
    again.membership.refresh_from_db()
    assert again.membership.state == "applied"


@pytest.mark.parametrize("operation", [memberships.ask, memberships.decline, memberships.lapse])
def test_decision_without_a_reason_is_refused(operation):
    at = joining()
    membership = submit(at).membership
    membership.refresh_from_db()
    with pytest.raises(Refused) as refused:
        operation(membership=membership, why=" ", by=at.convener, now=NOW)
    assert str(refused.value) == "Give the reason, so that the actor knows what to do."


@pytest.mark.parametrize("operation", [memberships.ask, memberships.decline, memberships.lapse])
def test_only_those_who_convene_decide(operation):
    at = joining()
    membership = submit(at).membership
    membership.refresh_from_db()
    for by in (at.contact, factories.user(), factories_networks.convener(factories_networks.network())):
        with pytest.raises(Refused):
            operation(membership=membership, why="No.", by=by, now=NOW)
    assert NetworkMembership.objects.get().state == "applied"


def test_only_contacts_act_for_an_actor():
    at = joining()
    editor = factories_networks.speaker(at.actor, role="editor")
    for by in (editor, at.convener, factories.steward()):
        with pytest.raises(Refused):
            submit(at, by=by)
    assert NetworkMembership.objects.count() == 0


def test_member_that_leaves_is_off_the_register_and_may_come_back():
    at = joining()
    membership = confirm(at, submit(at))
    left = memberships.leave(membership=membership, why="We move away.", by=at.contact, now=NOW)
    assert (left.state, list(queries.register(at.network))) == ("left", [])
    assert told(at.convener)[-1] == f"{at.actor.name} has left {at.network.name}"
    assert log_of(left)[-1] == ("admitted", "left", at.contact, "We move away.")
    assert confirm(at, submit(at)).state == "admitted"


def test_application_that_is_taken_back_waits_no_more():
    at = joining()
    membership = submit(at).membership
    membership.refresh_from_db()
    memberships.leave(membership=membership, by=at.contact, now=NOW)
    assert list(Fulfilment.objects.values_list("state", flat=True)) == ["replaced"]


def test_convening_actor_does_not_leave_its_network():
    at = joining()
    membership = confirm(at, submit(at))
    at.network.convener = at.actor
    at.network.save()
    membership.network.refresh_from_db()
    with pytest.raises(Refused) as refused:
        memberships.leave(membership=membership, by=at.contact, now=NOW)
    assert str(refused.value) == "This actor convenes the network. Let another actor convene it first."


def test_decision_about_what_has_changed_meanwhile_is_refused():
    at = joining()
    seen = submit(at).membership
    seen.refresh_from_db()
    stale = NetworkMembership.objects.get(pk=seen.pk)
    memberships.decline(membership=seen, why="No.", by=at.convener, now=NOW)
    with pytest.raises(Refused) as refused:
        memberships.ask(membership=stale, why="More.", by=at.convener, now=NOW)
    assert str(refused.value) == "Somebody else has just handled this matter. Look at it again."


@pytest.mark.parametrize("state", [NetworkState.RESTING, NetworkState.DRAFT, NetworkState.WITHDRAWN])
def test_network_that_rests_or_has_not_begun_takes_nobody_in(state):
    at = joining()
    at.network.state = state
    at.network.save()
    with pytest.raises(Refused) as refused:
        submit(at)
    assert str(refused.value) == "This network takes in nobody at the moment."


def test_actor_is_a_member_of_several_networks():
    at = joining()
    other = at._replace(network=factories_networks.network())
    factories_networks.convener(other.network, person=at.convener)
    for place in (at, other):
        confirm(place, submit(place))
    assert {row.network_id for row in queries.networks_of(at.actor)} == {at.network.pk, other.network.pk}


def test_without_a_convener_the_county_is_told():
    at = joining()
    at.network.people.update(ended_on=date(2026, 2, 1))
    coordinator = factories.coordinator(at.network.county)
    submit(at)
    assert told(coordinator) == [f"{at.actor.name} applies to join {at.network.name}"]
    assert told(at.convener) == []


def test_two_contacts_who_apply_at_once_make_one_membership(at_once):
    at = joining()
    people = [at.contact, factories_networks.speaker(at.actor)]
    results = at_once(lambda place: submit(at, by=people[place]), 2)
    assert [result for result in results if not isinstance(result, (Fulfilment, Refused))] == []
    assert NetworkMembership.objects.get().state == "applied"
    assert Fulfilment.objects.filter(state="submitted").count() == 1


def test_of_two_who_admit_at_once_one_wins_and_the_other_is_told(at_once):
    at = joining()
    sent = submit(at)
    people = [at.convener, factories_networks.convener(at.network)]
    results = at_once(lambda place: confirm(at, sent, by=people[place]), 2)
    lost = [result for result in results if isinstance(result, Refused)]
    assert [str(result) for result in lost] == ["Somebody else has just handled this matter. Look at it again."]
    assert [result.state for result in results if not isinstance(result, Refused)] == ["admitted"]
    assert TransitionLog.objects.of(sent.membership).filter(to_state="admitted").count() == 1


def test_of_one_who_admits_and_one_who_declines_at_once_one_wins(at_once):
    at = joining()
    sent = submit(at)
    seen = NetworkMembership.objects.select_related("network", "actor").get()
    work = [
        lambda: confirm(at, sent),
        lambda: memberships.decline(membership=seen, why="No.", by=at.convener, now=NOW),
    ]
    results = at_once(lambda place: work[place](), 2)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True]
    assert NetworkMembership.objects.get().state in {"admitted", "declined"}
