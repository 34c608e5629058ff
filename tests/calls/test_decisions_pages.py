"""The pages of decisions: who sees them, what they show and cost, and that nothing leaks before the announcement."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.links import application_path
from samkraft.calls.models import Application, Call, CallState, Decision, ManualChange
from samkraft.calls.operations import decisions, replies
from samkraft.calls.operations.decisions_telling import token_of
from samkraft.notices.models import Notice, OutboxMessage
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache

from .. import factories, factories_calls
from ..factories import NOW
from ..factories_decisions import Drawn, drawn, quotas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WOOD, STEEL = {"sector": "wood"}, {"sector": "steel"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def three(**fields) -> Drawn:
    return drawn(
        places={"ada": WOOD},
        waiting={"eva": STEEL},
        no={"gun": WOOD},
        limits=quotas("sector", wood=(1, 1), steel=(0, 1)),
        **fields,
    )


def url(name: str, at: Drawn, *args) -> str:
    return reverse(f"calls:{name}", args=[at.call.slug, *args])


# --- Access -----------------------------------------------------------------------------------------------------------

PLAIN = [
    "decisions", "decisions_csv", "decisions_xlsx", "attendance", "attendance_csv", "attendance_xlsx", "letters",
]  # fmt: skip


def addresses(at: Drawn) -> dict[str, str]:
    return {
        **{name: url(name, at) for name in PLAIN},
        "decision_change": url("decision_change", at, at["ada"].pk),
        "announce": url("announce", at),
        "letter": url("letter", at, "place-sv"),
    }


@pytest.mark.parametrize("name", [*PLAIN, "decision_change", "letter", "announce"])
def test_only_those_who_run_the_call_see_its_decisions(name: str) -> None:
    at = three(state=CallState.DECIDED)
    other = three()
    address = addresses(at)[name]

    answers = {
        "organiser": signed_in(at.organiser).get(address).status_code,
        "steward": signed_in(factories.steward()).get(address).status_code,
        "coordinator": signed_in(factories.coordinator()).get(address).status_code,
        "reviewer": signed_in(factories_calls.reviewer(at.call)).get(address).status_code,
        "outsider": signed_in(factories.user()).get(address).status_code,
        "organiser of another": signed_in(factories_calls.organiser(_elsewhere())).get(address).status_code,
        "visitor": Client().get(address).status_code,
    }

    assert other.call.slug != at.call.slug
    assert answers == {
        "organiser": 200,
        "steward": 200,
        "coordinator": 200,
        "reviewer": 404,
        "outsider": 404,
        "organiser of another": 404,
        "visitor": 302,
    }


def _elsewhere():
    return factories_calls.call(of=factories.area("1440", "Ale"))


@pytest.mark.parametrize("name", ["decisions_right", "decisions_reopen", "announce"])
def test_others_move_nothing(name: str) -> None:
    at = three(state=CallState.DECIDED)
    for person in (factories.user(), factories_calls.reviewer(at.call), factories_calls.organiser(_elsewhere())):
        assert signed_in(person).post(url(name, at)).status_code == 404
    assert Client().post(url(name, at)).status_code == 302
    at.call.refresh_from_db()
    assert (at.call.state, OutboxMessage.objects.count()) == (CallState.DECIDED, 0)


def test_replacing_is_for_those_who_run_the_call() -> None:
    at = drawn(places={"ada": {}}, state=CallState.ANNOUNCED)
    replies.decline(decision=at["ada"], now=NOW)
    address = url("replace", at, at["ada"].pk)
    people = [at.organiser, factories_calls.reviewer(at.call), factories.user()]

    assert [signed_in(person).get(address).status_code for person in people] == [200, 404, 404]
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["decision_change", "replace"])
def test_decision_of_another_call_is_not_found_under_one_s_own(name: str) -> None:
    at, other = three(state=CallState.ANNOUNCED), drawn(places={"bo": {}}, state=CallState.ANNOUNCED)
    assert signed_in(at.organiser).get(url(name, at, other["bo"].pk)).status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------------


def test_before_the_draw_the_page_says_what_will_be_here() -> None:
    call = factories_calls.call()
    client = signed_in(factories_calls.organiser(call))
    page = text_of(client.get(reverse("calls:decisions", args=[call.slug])))
    assert "Nothing is drawn yet" in page
    assert client.get(reverse("calls:announce", args=[call.slug])).status_code == 404
    assert client.get(reverse("calls:decisions_csv", args=[call.slug])).status_code == 200


def test_list_shows_places_then_the_waiting_list_then_the_others_as_pending() -> None:
    at = three()
    factories_calls.criterion(at.call, wood=(1, 1), steel=(0, 1))

    page = text_of(signed_in(at.organiser).get(url("decisions", at)))

    order = ["Places</h3>", "Ada", "Waiting list, in its order", "Eva", "Not this time</h3>", "Gun"]
    places = [page.index(word, page.index('id="list-title"')) for word in order]
    assert places == sorted(places)
    assert page.count("Pending: nobody is told yet") == 3
    assert "I have gone through the list: show the letters" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("show=waitlist", [False, True, False]),
        ("show=place", [True, False, False]),
        ("q=GUN", [False, False, True]),
        ("show=nonsense", [True, True, True]),
        ("q=mariestad", [True, True, True]),
        ("show=changed", [False, False, True]),
    ],
)
def test_list_is_filtered_and_searched(query: str, shown: list[bool]) -> None:
    at = three()
    ManualChange.objects.create(
        decision=at["gun"], from_outcome="no", to_outcome="no", why="x", by=at.organiser, at=NOW
    )
    page = signed_in(at.organiser).get(f"{url('decisions', at)}?{query}").content.decode()
    assert [f'/{at[name].application_id}/">' in page for name in ("ada", "eva", "gun")] == shown


def test_who_was_not_in_the_draw_is_told_apart_with_the_reason() -> None:
    at = three(merit="threshold", merit_threshold=3)
    below, out = (factories_calls.application(at.call, name=name) for name in ("Below", "Out"))
    Application.objects.filter(pk=out.pk).update(state="excluded")
    for application in (below, out):
        Decision.objects.create(call=at.call, draw=at.draw, application=application, outcome="no", drawn_outcome="no")
    client = signed_in(at.organiser)

    page = text_of(client.get(url("decisions", at)))
    outside = text_of(client.get(url("decisions", at) + "?show=outside"))
    exported = client.get(url("decisions_csv", at) + "?show=outside").content.decode()

    order = ["Not this time</h3>", "Gun", "Not in the draw</h3>", "Below", "Too few points", "Out</a>", "Not taken up"]
    places = [page.index(word, page.index('id="list-title"')) for word in order]
    assert places == sorted(places)
    assert "Not in the draw (2)" in page
    assert ["Gun" in outside, "Below" in outside, exported.count("Not in the draw")] == [False, True, 2]


def test_list_goes_by_municipality_and_then_by_name_with_its_number() -> None:
    names = ("Team 29", "Team 3", "Ada")
    at = drawn(places={name: {} for name in names})
    Application.objects.filter(name="Ada").update(place=factories.area("1440", "Ale"))

    page = text_of(signed_in(at.organiser).get(url("decisions", at)))

    assert sorted(names, key=lambda name: page.index(f">{name}</a>")) == ["Ada", "Team 3", "Team 29"]


def test_limits_are_counted_with_the_outcomes_as_they_are_staged() -> None:
    at = three()
    factories_calls.criterion(at.call, wood=(1, 1), steel=(0, 1))
    client = signed_in(at.organiser)
    kept = client.get(url("decisions", at)).content.decode()
    assert kept.count(">Yes</span>") == 1
    assert "The limit holds." in kept
    assert kept.index("See each limit") < kept.index(">Yes</span>")

    decisions.change_outcome(decision=at["ada"], to="no", why="Applied twice.", by=at.organiser, now=NOW)

    page = client.get(url("decisions", at)).content.decode()
    assert (page.count(">Yes</span>"), page.count(">No</span>")) == (0, 1)
    assert "See each limit" not in page
    assert "Applied twice." in page
    assert "0 of 1 are given." in text_of(client.get(url("decisions", at)))


def test_where_municipalities_apply_the_municipality_stands_first() -> None:
    at = three()
    Call.objects.filter(pk=at.call.pk).update(applicants="municipality")

    page = text_of(signed_in(at.organiser).get(url("decisions", at)))

    assert "<strong>1 municipality</strong> would be chosen." in page
    assert page.index("Mariestad</a>") < page.index('data-label="Contact person">Ada')


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.ANNOUNCED])
def test_list_costs_the_same_for_one_as_for_three(people: int, state: str, django_assert_max_num_queries) -> None:
    at = drawn(
        places={f"p{n}": WOOD for n in range(people)},
        waiting={f"w{n}": WOOD for n in range(people)},
        no={f"n{n}": WOOD for n in range(people)},
        limits=quotas("sector", wood=(0, 1)),
        state=state,
    )
    factories_calls.criterion(at.call, wood=(0, 1))
    client = signed_in(at.organiser)
    client.get(url("decisions", at))
    with django_assert_max_num_queries(QUERIES_OF_LIST) as counted:
        client.get(url("decisions", at))
    assert len(counted) == QUERIES_OF_LIST


QUERIES_OF_LIST = 14


def test_export_holds_the_same_and_escapes_formulas() -> None:
    at = three()
    application = at["ada"].application
    application.name = "=1+1"
    application.save()
    factories_calls.criterion(at.call, wood=(1, 1))
    client = signed_in(at.organiser)

    lines = client.get(url("decisions_csv", at)).content.decode("utf-8-sig").splitlines()

    assert lines[0].split(";")[:6] == [
        "Name", "E-mail address", "Municipality or actor", "Sector of work", "Drawn",
        "Outcome (pending: nobody is told yet)",
    ]  # fmt: skip
    assert lines[1].split(";")[0] == "'=1+1"
    assert lines[2].split(";")[4:7] == ["On the waiting list", "On the waiting list", "1"]
    sheet = client.get(url("decisions_xlsx", at))
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    assert len(client.get(url("decisions_csv", at) + "?show=no").content.decode().splitlines()) == 2


# --- Changing, right, announcing --------------------------------------------------------------------------------------


def test_change_page_warns_of_what_would_break_and_changes() -> None:
    at = three()
    factories_calls.criterion(at.call, wood=(1, 1), steel=(0, 1))
    client = signed_in(at.organiser)

    page = text_of(client.get(url("decision_change", at, at["gun"].pk)))
    assert "Sector of work: wood would be 2; the limit is exactly 1." in page
    assert page.count("2 would have a place, and there are 1.") == 1
    assert "If the outcome becomes a place, this no longer holds:" in page
    assert "No answer" not in page

    refused = client.post(url("decision_change", at, at["gun"].pk), {"to": "place", "why": ""})
    assert (refused.status_code, at["gun"].outcome) == (200, "no")
    done = client.post(url("decision_change", at, at["gun"].pk), {"to": "place", "why": "Promised."}, follow=True)
    assert "The outcome is changed." in text_of(done)
    assert (at["gun"].outcome, ManualChange.objects.get().why) == ("place", "Promised.")


def test_a_place_that_is_taken_away_can_be_given_to_somebody_who_waits_in_the_same_step() -> None:
    at = three()
    client = signed_in(at.organiser)
    address = url("decision_change", at, at["ada"].pk)

    page = text_of(client.get(address))
    client.post(address, {"to": "no", "why": "Applied twice.", "instead": at["eva"].pk})

    assert "If the place is taken away, this no longer holds:" in page
    assert page.count("1 place is empty.") == 1
    assert "1. Eva, Mariestad" in page
    assert (at["ada"].outcome, at["eva"].outcome) == ("no", "place")
    assert list(ManualChange.objects.values_list("why", flat=True)) == ["Applied twice."] * 2


def test_only_who_waits_gets_the_place_of_another() -> None:
    at = three()

    with pytest.raises(Refused, match="not on the waiting list any more"):
        decisions.change_outcome(
            decision=at["ada"], to="no", why="Twice.", instead=at["gun"].pk, by=at.organiser, now=NOW
        )

    assert (at["ada"].outcome, at["gun"].outcome) == ("place", "no")


def test_steps_from_right_to_announced() -> None:
    at = three(languages={"eva": "sv"})
    client = signed_in(at.organiser)

    preview = text_of(client.post(url("decisions_right", at), follow=True))
    assert "Announce and send 3 letters" in preview
    assert "1 letter: a place, English" in preview
    assert "1 letter: on the waiting list, Svenska" in preview
    assert "Dear Ada," in preview
    assert OutboxMessage.objects.count() == 0

    again = text_of(client.post(url("decisions_reopen", at), follow=True))
    assert "You can change the decisions again." in again
    client.post(url("decisions_right", at))
    done = text_of(client.post(url("announce", at), follow=True))
    assert "The decisions are announced. 3 letters are on their way." in done
    assert OutboxMessage.objects.count() == 3

    twice = text_of(client.post(url("announce", at), follow=True))
    assert ("The decisions are announced already." in twice, OutboxMessage.objects.count()) == (True, 3)


@pytest.mark.parametrize("people", [1, 3])
def test_announce_page_costs_the_same_for_one_as_for_three(people: int, django_assert_num_queries) -> None:
    at = drawn(places={f"p{n}": {} for n in range(people)}, state=CallState.DECIDED)
    client = signed_in(at.organiser)
    client.get(url("announce", at))
    with django_assert_num_queries(9):
        client.get(url("announce", at))


# --- Free places ------------------------------------------------------------------------------------------------------


def free() -> Drawn:
    """One wood place is free; Eva and Finn of steel wait."""
    at = drawn(
        places={"ada": WOOD, "bo": STEEL},
        waiting={"eva": STEEL, "finn": STEEL},
        limits=quotas("sector", wood=(1, 1), steel=(1, 1)),
        state=CallState.ANNOUNCED,
    )
    factories_calls.criterion(at.call, wood=(1, 1), steel=(1, 1))
    replies.decline(decision=at["ada"], now=NOW)
    return at


def test_relaxations_are_told_in_words_in_the_order_of_the_list() -> None:
    at = free()
    page = text_of(signed_in(at.organiser).get(url("replace", at, at["ada"].pk)))
    assert (
        "Eva from Mariestad would come in if nobody instead of at least 1 has “wood” (Sector of work), and at most 2"
        " instead of 1 have “steel” (Sector of work)."
    ) in page
    assert "Finn from" not in page


def test_organiser_chooses_a_relaxation_or_leaves_the_place_empty() -> None:
    at, other = free(), free()

    chosen = signed_in(at.organiser).post(url("replace", at, at["ada"].pk), {"chosen": str(at["eva"].pk)}, follow=True)
    assert "Eva is offered the place and gets a letter now." in text_of(chosen)
    assert (at["eva"].outcome, at["eva"].relaxation[:6]) == ("place", "Nobody")

    empty = signed_in(other.organiser).post(url("replace", other, other["ada"].pk), {"chosen": "empty"}, follow=True)
    assert "The place stays empty." in text_of(empty)
    again = signed_in(other.organiser).get(url("replace", other, other["ada"].pk), follow=True)
    assert "This place is not free any more." in text_of(again)


def test_what_was_not_offered_cannot_be_chosen() -> None:
    at = free()
    response = signed_in(at.organiser).post(url("replace", at, at["ada"].pk), {"chosen": str(at["bo"].pk)})
    assert (response.status_code, at["ada"].replaced_by_id) == (200, None)


# --- My page, and those who come --------------------------------------------------------------------------------------


def test_my_page_shows_an_offered_place_to_its_applicant_and_a_free_place_to_the_organiser() -> None:
    person = factories.user()
    at = drawn(places={"ada": {}, "bo": {}}, state=CallState.ANNOUNCED, users={"bo": person})
    Decision.objects.filter(call=at.call).update(answer_by="2100-01-01T00:00Z")
    replies.decline(decision=at["ada"], now=NOW)
    address = reverse("portal:my")

    assert f"You are offered a place in {at.call.title}." in text_of(signed_in(person).get(address))
    assert f"A place in {at.call.title} is free" in text_of(signed_in(at.organiser).get(address))
    assert at.call.title not in text_of(signed_in(factories.user()).get(address))


@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.DECIDED])
def test_before_the_announcement_nobody_else_can_tell_one_outcome_from_another(state: str) -> None:
    """Everything that the applicant, a reviewer, an outsider and a visitor can read is the same, whoever was drawn."""
    person = factories.user()
    at = three(state=state, users={"ada": person})
    readers = [signed_in(person), signed_in(factories_calls.reviewer(at.call)), signed_in(factories.user()), Client()]
    addresses = [
        application_path(at["ada"].application),
        reverse("calls:reply", args=[token_of(at["ada"])]),
        reverse("calls:call", args=[at.call.slug]),
        reverse("calls:index"),
        reverse("portal:my"),
        reverse("people:export"),
    ]

    def everything() -> list[tuple[int, str]]:
        page_cache.store.clear()
        found = [reader.get(address) for reader in readers for address in addresses]
        return [(response.status_code, _without_what_changes(response.content.decode())) for response in found]

    before = everything()
    Decision.objects.filter(call=at.call).update(outcome="no", drawn_outcome="no", position=None)
    assert everything() == before
    Decision.objects.filter(call=at.call).update(outcome="place", drawn_outcome="place")
    assert everything() == before

    assert [status for status, _text in before][:6] == [200, 404, 200, 200, 200, 200]
    assert (OutboxMessage.objects.count(), Notice.objects.count()) == (0, 0)


def _without_what_changes(page: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]*", "", page)


def test_list_of_those_who_come_has_numbers_by_place_and_sector() -> None:
    at = drawn(places={"ada": {}, "bo": {}}, state=CallState.ANNOUNCED)
    client = signed_in(at.organiser)
    assert "Nobody has accepted a place yet" in text_of(client.get(url("attendance", at)))
    replies.accept(decision=at["ada"], now=NOW + timedelta(hours=1))

    page = text_of(client.get(url("attendance", at)))

    assert "<strong>1 person</strong> has accepted a place." in page
    assert "1 has not answered yet and is not on the list." in page
    assert ("Mariestad 1" in page, '<th scope="row">Ada</th>' in page, ">Bo<" in page) == (True, True, False)
    lines = client.get(url("attendance_csv", at)).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Name", "Ada"]


@pytest.mark.parametrize("people", [1, 3])
def test_list_of_those_who_come_costs_the_same_for_one_as_for_three(people: int, django_assert_num_queries) -> None:
    at = drawn(places={f"p{n}": {} for n in range(people)}, state=CallState.ANNOUNCED)
    Decision.objects.filter(call=at.call).update(reply="accepted")
    client = signed_in(at.organiser)
    client.get(url("attendance", at))
    with django_assert_num_queries(7):
        client.get(url("attendance", at))
