"""What counts as evidence, who confirms it, and how long it holds."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samkraft.networks.models import EvidenceKind
from samkraft.networks.operations import memberships
from samkraft.networks.rules import memberships as dates
from samkraft.records.files import may_read
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_memberships import confirm, joining, submit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def refusal(work, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        work(*args, **kwargs)
    return str(refused.value)


def test_months_are_added_by_the_calendar():
    assert dates.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert dates.add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert dates.add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert dates.add_months(date(2026, 3, 2), 12) == date(2027, 3, 2)


def test_description_is_no_older_than_the_condition_lasts():
    at = joining(evidence_kind=EvidenceKind.DESCRIPTION)
    assert refusal(submit, at, on=None) == "Say when the description was published."
    assert refusal(submit, at, on=date(2026, 3, 3)) == "The date lies in the future."
    too_old = "The description is older than the condition allows. Publish a new one, and give its date."
    assert refusal(submit, at, on=date(2025, 3, 1)) == too_old
    assert submit(at, on=date(2025, 3, 2)).evidence_on == date(2025, 3, 2)


def test_age_of_a_description_follows_the_version():
    at = joining(evidence_kind=EvidenceKind.DESCRIPTION, lasts_months=24)
    assert submit(at, on=date(2024, 3, 2)).evidence_on == date(2024, 3, 2)


def test_pledge_needs_a_link_and_no_date():
    at = joining()
    assert refusal(submit, at, url="") == "Give the link that shows it."
    assert submit(at).evidence_on is None


def test_evidence_for_an_older_version_is_not_taken():
    at = joining()
    factories_networks.condition(county=at.network.county)
    assert refusal(submit, at) == "The condition has just got a new version. Read it, and then send your evidence."


def test_evidence_that_is_sent_again_takes_the_place_of_what_waited():
    at = joining()
    first, second = submit(at), submit(at, url="https://pledge.example/right")
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "submitted")
    assert refusal(confirm, at, first) == "Somebody else has just handled this matter. Look at it again."
    assert confirm(at, second).fulfilment == second


def document():
    return SimpleUploadedFile("pledge.txt", b"We promise to halve our emissions.", content_type="text/plain")


def test_document_is_read_by_the_actors_people_and_those_who_decide(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at = joining(evidence_kind=EvidenceKind.DOCUMENT)
    assert refusal(submit, at, url="") == "Choose the document that shows it."
    file = submit(at, url="", upload=document()).evidence_file
    editor = factories_networks.speaker(at.actor, role="editor")
    readers = [at.contact, editor, at.convener, factories.coordinator(at.network.county), factories.steward()]
    others = [
        factories.user(),
        factories_networks.convener(factories_networks.network()),
        factories_networks.speaker(factories_networks.actor()),
        factories_networks.convener(at.network, role="editor"),
    ]
    assert [may_read(user, file) for user in readers] == [True] * 5
    assert [may_read(user, file) for user in others] == [False] * 4


def test_nobody_confirms_their_own_actor_where_another_can():
    at = joining()
    factories_networks.speaker(at.actor, person=at.convener)
    other = factories_networks.convener(at.network)
    sent = submit(at)
    assert refusal(confirm, at, sent) == (
        "You speak for this actor, so another convener or the county's coordinator has to confirm its evidence."
    )
    confirm(at, sent, by=other)
    sent.refresh_from_db()
    assert (sent.decided_by, sent.is_own_decision) == (other, False)


def test_coordinator_of_the_county_is_another_who_can():
    at = joining()
    factories_networks.speaker(at.actor, person=at.convener)
    coordinator = factories.coordinator(at.network.county)
    sent = submit(at)
    assert refusal(confirm, at, sent).startswith("You speak for this actor")
    assert confirm(at, sent, by=coordinator).state == "admitted"


def test_convener_who_is_alone_confirms_the_own_actor_and_it_is_said():
    at = joining()
    factories_networks.speaker(at.actor, person=at.convener)
    sent = submit(at)
    confirm(at, sent)
    sent.refresh_from_db()
    assert (sent.decided_by, sent.is_own_decision) == (at.convener, True)


def test_evidence_holds_for_the_months_of_its_version():
    at = joining(lasts_months=6)
    membership = confirm(at, submit(at))
    assert (membership.fulfilment.valid_from, membership.fulfilment.valid_until) == (TODAY, date(2026, 9, 2))


def test_early_renewal_loses_no_days():
    at = joining()
    first = submit(at)
    confirm(at, first)
    later = datetime(2027, 1, 15, 9, tzinfo=NOW.tzinfo)
    membership = confirm(at, submit(at, now=later), now=later)
    first.refresh_from_db()
    assert (membership.state, membership.due_on) == ("admitted", date(2028, 3, 2))
    assert (first.state, membership.since) == ("replaced", TODAY)


def test_renewal_long_before_its_time_counts_from_the_day():
    at = joining()
    confirm(at, submit(at))
    later = NOW + timedelta(days=100)
    membership = confirm(at, submit(at, now=later), now=later)
    assert membership.due_on == date(2027, 6, 10)


def test_member_stays_one_while_new_evidence_is_checked():
    at = joining()
    membership = confirm(at, submit(at))
    submit(at, now=NOW + timedelta(days=300))
    membership.refresh_from_db()
    assert membership.state == "admitted"


def test_member_that_is_asked_gets_two_weeks_to_a_month():
    assert dates.asked_until(date(2027, 3, 2), TODAY) == date(2026, 4, 1)
    assert dates.asked_until(date(2026, 3, 22), TODAY) == date(2026, 3, 22)
    assert dates.asked_until(date(2026, 2, 1), TODAY) == date(2026, 3, 16)
    at = joining()
    membership = confirm(at, submit(at))
    asked = memberships.ask(membership=membership, why="The page is gone.", by=at.convener, now=NOW)
    assert (asked.state, asked.due_on, asked.why) == ("due", date(2026, 4, 1), "The page is gone.")


def due(at):
    membership = confirm(at, submit(at, on=date(2026, 2, 1)))
    membership.state = "due"
    membership.save()
    return membership


def test_pledge_that_still_stands_is_confirmed_for_another_year_by_one_click():
    at = joining()
    membership = due(at)
    later = datetime(2027, 2, 20, 9, tzinfo=NOW.tzinfo)
    renewed = confirm(at, membership.fulfilment, now=later)
    assert (renewed.state, renewed.due_on) == ("admitted", date(2028, 3, 2))
    assert renewed.fulfilment.evidence_url == "https://pledge.example/us"
    assert refusal(confirm, at, membership.fulfilment, now=later) == (
        "Somebody else has just handled this matter. Look at it again."
    )


def test_description_that_has_grown_old_is_not_confirmed_again():
    at = joining(evidence_kind=EvidenceKind.DESCRIPTION)
    membership = due(at)
    later = datetime(2027, 2, 20, 9, tzinfo=NOW.tzinfo)
    assert refusal(confirm, at, membership.fulfilment, now=later) == (
        "The description is older than the condition allows. Ask the actor for a new one."
    )


def test_old_evidence_is_not_confirmed_for_a_newer_version():
    at = joining()
    membership = due(at)
    factories_networks.condition(county=at.network.county)
    assert refusal(confirm, at, membership.fulfilment) == (
        "This evidence is for an older version of the condition. Ask the actor for new evidence."
    )


def test_application_by_an_older_version_is_admitted_until_the_newer_is_to_be_met():
    at = joining()
    sent = submit(at)
    factories_networks.condition(county=at.network.county, to_be_met_by=date(2026, 6, 1))
    assert confirm(at, sent).due_on == date(2026, 6, 1)
