"""Opening a call and copying one."""

from datetime import timedelta

import pytest

from samkraft.calls.models import Applicants, Call, CallKind, CallPerson, CallRole, CallState, Comparison, Merit
from samkraft.calls.operations.calls import begin_call
from samkraft.calls.operations.copying import copy_call
from samkraft.records.refusals import Refused

from .. import factories, factories_calls, factories_networks
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def begun(person=None, title="Climate workshop", kind=CallKind.WORKSHOP, **whose):
    area = factories.area()
    person = person or factories.coordinator(area)
    return begin_call(title=title, kind=kind, **(whose or {"area": area}), by=person, now=NOW)


def test_new_call_is_a_draft_whose_maker_organises_it() -> None:
    person = factories.coordinator()
    call = begun(person)

    assert (call.state, call.slug, call.country, call.time_zone) == (
        CallState.DRAFT,
        "climate-workshop",
        "SE",
        "Europe/Stockholm",
    )
    assert list(CallPerson.objects.filter(call=call).values_list("user", "role")) == [
        (person.pk, CallRole.ORGANISER),
    ]


@pytest.mark.parametrize(
    ("kind", "applicants", "kinds"),
    [
        (CallKind.WORKSHOP, Applicants.PERSON, ["long_text", "choice", "consent"]),
        (CallKind.PROGRAMME, Applicants.MUNICIPALITY, ["long_text", "long_text", "file", "consent"]),
        (CallKind.GRANT, Applicants.ACTOR, ["long_text", "number", "file", "consent"]),
        (CallKind.AWARD, Applicants.ACTOR, ["long_text", "long_text", "consent"]),
    ],
)
def test_new_call_asks_what_calls_of_its_kind_ask(kind: str, applicants: str, kinds: list[str]) -> None:
    call = begun(kind=kind)

    assert call.applicants == applicants
    assert [question.kind for question in call.questions.all()] == kinds


def test_address_is_made_from_the_title_and_is_taken_once() -> None:
    person = factories.coordinator()

    assert [begun(person, "Klimatkörning på Öland").slug for _number in range(3)] == [
        "klimatkorning-pa-oland",
        "klimatkorning-pa-oland-2",
        "klimatkorning-pa-oland-3",
    ]


@pytest.mark.parametrize(("title", "slug"), [("New", "new-2"), ("Applications", "applications-2"), ("!?", "call")])
def test_no_call_takes_an_address_that_is_a_page(title: str, slug: str) -> None:
    assert begun(title=title).slug == slug


def test_long_title_keeps_its_number_within_the_address() -> None:
    person = factories.coordinator()
    slugs = [begun(person, "klimat " * 20).slug for _number in range(2)]

    assert all(len(slug) <= 80 for slug in slugs)
    assert slugs[0] != slugs[1]


def test_contact_of_an_actor_opens_a_call_in_its_name() -> None:
    actor = factories_networks.actor()
    contact = factories_networks.speaker(actor)

    assert begun(contact, actor=actor).actor == actor


def test_nobody_opens_a_call_in_the_name_of_others() -> None:
    with pytest.raises(Refused, match="in that name"):
        begun(factories.member().user)
    with pytest.raises(Refused, match="in that name"):
        begun(factories.coordinator(), actor=factories_networks.actor())
    with pytest.raises(Refused, match="in that name"):
        begun(factories.coordinator(), area=factories.area("1440", "Ale"))
    with pytest.raises(Refused, match="Choose in whose name"):
        begun(factories.coordinator(), area=None)


def test_copy_asks_and_chooses_as_the_call_did_without_dates_people_and_number() -> None:
    call = factories_calls.call(
        municipality_cap=2, merit=Merit.TIERS, merit_bounds=[2.5], seed_source="Lotto", announce_on=NOW.date(), seats=7
    )
    asked = factories_calls.choice_question(call, "new", "old")
    criterion = call.criteria.create(source="question", question=asked, position=1)
    criterion.limits.create(value="new", minimum=1, maximum=3)
    factories_calls.criterion(call, planning=(2, None))
    factories_calls.scale(call, anchors={"1": "Nothing"})
    call.eligibility.create(fact="population", comparison=Comparison.AT_MOST, value=15_000)
    factories_calls.reviewer(call)
    factories_calls.application(call)
    person = factories_calls.organiser(call)

    copy = copy_call(call=call, title="Again", by=person, now=NOW + timedelta(days=1))

    assert (copy.state, copy.copied_from, copy.seats, copy.municipality_cap) == (CallState.DRAFT, call, 7, 2)
    assert (copy.opens_at, copy.closes_at, copy.announce_on, copy.seed_source) == (None, None, None, "")
    assert [(person.user, person.role) for person in copy.people.all()] == [(person, CallRole.ORGANISER)]
    question = copy.questions.get()
    assert question.pk != asked.pk
    first, second = copy.criteria.order_by("position", "pk")
    assert (first.question, list(first.limits.values_list("value", "minimum", "maximum"))) == (
        question,
        [("new", 1, 3)],
    )
    assert list(second.limits.values_list("value", "minimum", "maximum")) == [("planning", 2, None)]
    assert copy.scales.get().anchors == {"1": "Nothing"}
    assert copy.eligibility.get().value == 15_000
    assert copy.applications.count() == 0


def test_two_who_open_a_call_of_one_title_at_once_get_an_address_each(at_once) -> None:
    area = factories.area()
    people = [factories.coordinator(area), factories.coordinator(area)]

    made = at_once(lambda place: begun(people[place], "The same"), 2)

    assert sorted(call.slug for call in made) == ["the-same", "the-same-2"]
    assert Call.objects.count() == 2
