"""The pages of the selection: who may open each, what they say, and that everything works by plain forms."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.calls.models import (
    Call,
    CallState,
    Draw,
    DrawState,
    FeatureSource,
    Limit,
    Merit,
    SeedKind,
)
from samkraft.calls.operations import draws
from samkraft.people.models import Sector, User
from tests import factories, factories_calls, factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SEATS = '[["seats", 4, "", ""]]'
READERS = ("organiser", "reviewer", "outsider", "another", "visitor")


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def address(call: Call, name: str = "selection", *keys: object) -> str:
    return reverse(f"calls:{name}", args=[call.slug, *keys])


@pytest.fixture
def call() -> Call:
    return factories_draws.call()


@pytest.fixture
def organiser(call: Call) -> User:
    return factories_calls.organiser(call)


@pytest.fixture
def client(organiser: User) -> Client:
    return signed_in(organiser)


@pytest.fixture
def statuses(call: Call, organiser: User) -> Callable[..., dict[str, int]]:
    """What each kind of reader is answered."""
    people = {
        "organiser": organiser,
        "reviewer": factories_calls.reviewer(call),
        "outsider": factories.user(),
        "another": factories_calls.organiser(factories_calls.call()),
        "visitor": None,
    }

    def ask(url: str, method: str = "get", **data: object) -> dict[str, int]:
        return {name: getattr(signed_in(user), method)(url, **data).status_code for name, user in people.items()}

    return ask


def only_organiser(status: int) -> dict[str, int]:
    return dict(zip(READERS, (status, 404, 404, 404, 302), strict=True))


def limits_of(call: Call, **changes: object) -> dict[str, object]:
    """What the form sends for the limits as they stand, with changes by name."""
    sent: dict[str, object] = {"seats": call.seats, "cap": call.municipality_cap or "", "why": "It fits better."}
    for criterion in call.criteria.all():
        values = [value for value, _label in Sector.choices]
        for limit in criterion.limits.all():
            number = values.index(limit.value)
            sent[f"least-{criterion.pk}-{number}"] = limit.minimum or ""
            sent[f"most-{criterion.pk}-{number}"] = "" if limit.maximum is None else limit.maximum
    return sent | changes


def field(call: Call, side: str, sector: str) -> str:
    return f"{side}-{call.criteria.get().pk}-{Sector.values.index(sector)}"


# --- Who may open what ----------------------------------------------------------------------------------------------


def test_pages_of_the_selection_are_for_those_who_run_the_call(call: Call, statuses) -> None:
    assert statuses(address(call)) == only_organiser(200)
    assert statuses(address(call, "begin_draw")) == only_organiser(200)
    trial = factories_draws.tried(call)
    assert statuses(address(call, "draw", trial.pk)) == only_organiser(200)


def test_what_changes_something_is_for_those_who_run_the_call(call: Call, statuses) -> None:
    assert statuses(address(call, "what_if"), "post", data=limits_of(call)) == only_organiser(200)
    assert statuses(address(call, "suggest_limits"), "post", data=limits_of(call)) == only_organiser(200)
    assert statuses(address(call, "change_limits"), "post", data={**limits_of(call), "steps": SEATS}) == only_organiser(
        302
    )
    assert statuses(address(call), "post", data=limits_of(call)) == only_organiser(302)
    assert statuses(address(call, "try_draw"), "post") == only_organiser(302)
    assert statuses(address(call, "stop_draw", Draw.objects.get().pk), "post") == only_organiser(302)
    assert statuses(address(call, "begin_draw"), "post") == only_organiser(302)


def test_a_commitment_is_handled_by_those_who_run_the_call(call: Call, organiser: User, statuses) -> None:
    assert statuses(address(call, "draw_number")) == dict(zip(READERS, (404, 404, 404, 404, 302), strict=True))
    factories_draws.committed(call, organiser)

    for name in ("selection", "draw_number", "take_draw_back"):
        assert statuses(address(call, name)) == only_organiser(200)


def test_a_draw_of_another_call_is_not_found_under_this_one(call: Call, client: Client) -> None:
    other = factories_draws.tried(factories_draws.call())

    assert client.get(address(call, "draw", other.pk)).status_code == 404
    assert client.post(address(call, "stop_draw", other.pk)).status_code == 404


def test_what_changes_something_is_not_done_by_a_link(call: Call, client: Client) -> None:
    for name in ("what_if", "suggest_limits", "change_limits", "try_draw"):
        assert client.get(address(call, name)).status_code == 405


# --- Targets --------------------------------------------------------------------------------------------------------


def test_page_tells_places_applicants_and_chances(call: Call, client: Client) -> None:
    page = text_of(client.get(address(call)))

    assert "All limits can be kept." in page
    assert "They cost nobody anything: everybody has a chance of <strong>33 of 100</strong>" in page


def test_page_tells_what_the_dearest_limit_costs(call: Call, client: Client) -> None:
    Limit.objects.filter(criterion__call=call, value="technical").update(maximum=1)
    page = text_of(client.get(address(call)))

    assert "has a chance of <strong>25 of 100</strong>. Without limits everybody would have 33 of 100." in page
    assert (
        "If one more place were open to “Technical services”, the applicant with the least chance would have about "
        "50 of 100 instead of 25 of 100." in page
    )


def test_saving_limits_leads_back_to_the_page(call: Call, client: Client) -> None:
    sent = limits_of(call, **{field(call, "most", "technical"): 3, "seats": 5, "cap": 2})

    response = client.post(address(call), sent, follow=True)

    call.refresh_from_db()
    assert response.redirect_chain == [(address(call), 302)]
    assert (call.seats, call.municipality_cap) == (5, 2)
    assert Limit.objects.get(value="technical").maximum == 3
    page = text_of(response)
    assert "The limits are saved." in page
    assert "5 places instead of 4." in page
    assert "Technical services: 1 to 3 instead of 1 to 2." in page
    assert "It fits better." in page
    assert "It fits better." in text_of(Client().get(reverse("calls:call", args=[call.slug])))


@pytest.mark.parametrize(("name", "more"), [("selection", {}), ("change_limits", {"steps": '[["seats", 3, "", ""]]'})])
def test_a_published_call_is_not_changed_without_a_reason(call: Call, client: Client, name: str, more: dict) -> None:
    response = client.post(address(call, name), limits_of(call, seats=5, why="") | more)

    call.refresh_from_db()
    assert (response.status_code, call.seats) == (200, 4)
    assert "Say why you change it. Everybody can read the reason." in text_of(response)


def test_a_draft_asks_for_no_reason(client: Client, organiser: User) -> None:
    call = factories_draws.call(people=0, state=CallState.DRAFT, published_at=None)
    factories_calls.organiser(call, organiser)

    assert 'name="why"' not in text_of(client.get(address(call)))
    client.post(address(call), limits_of(call, seats=7, why=""))

    call.refresh_from_db()
    assert call.seats == 7


def test_while_the_call_is_open_the_page_says_how_many_have_applied_and_urges_nothing(
    client: Client, organiser: User
) -> None:
    call = factories_draws.call(people=3, seats=5, state=CallState.OPEN, closes_at=timezone.now() + timedelta(days=21))
    factories_calls.organiser(call, organiser)
    page = text_of(client.get(address(call)))

    assert "So far 3 have applied who can take part. The call is still open: 21 days left, until" in page
    assert ("does not fill the places" in page, "Lower the places" in page, "Do so and save" in page) == (False,) * 3


def test_limits_that_cross_are_told_at_their_field_and_nothing_is_saved(call: Call, client: Client) -> None:
    name = field(call, "least", "technical")
    response = client.post(address(call), limits_of(call, **{name: 3}))

    assert response.status_code == 200
    page = text_of(response)
    assert "The most is less than the least, which is 3." in page
    assert 'aria-invalid="true"' in page
    assert Limit.objects.get(value="technical").minimum == 1


def test_what_if_answers_with_the_computed_part_and_saves_nothing(call: Call, client: Client) -> None:
    sent = limits_of(call, **{field(call, "most", "technical"): 1})
    page = text_of(client.post(address(call, "what_if"), sent))

    assert page.startswith('<section class="outlook" id="outlook"')
    assert "chance of <strong>25 of 100</strong>" in page
    assert 'hx-swap-oob="true">1.0</span>' in page
    assert "<html" not in page
    assert Limit.objects.get(value="technical").maximum == 2


def test_what_if_of_what_cannot_be_read_says_so(call: Call, client: Client) -> None:
    page = text_of(client.post(address(call, "what_if"), limits_of(call, seats="many")))

    assert "Some limits need another look:" in page


def test_impossible_limits_come_with_ways_and_a_button_takes_one(call: Call, client: Client) -> None:
    Limit.objects.filter(value="technical").update(minimum=3, maximum=None)
    Limit.objects.filter(value="planning").update(minimum=2)
    response = client.get(address(call))
    page = text_of(response)
    ways = response.context["outlook"].ways

    assert (
        "Nobody can be chosen so. The least numbers for “Sector of work” sum to 5, which is more than the 4 places."
        in page
    )
    assert {way.sentence for way in ways} == {
        "At least 2 with “Technical services” instead of 3.",
        "At least 1 with “Planning” instead of 2.",
        "5 places instead of 4.",
    }
    assert [way.sentence for way in ways if way.sentence not in page] == []
    chosen = next(way for way in ways if "Planning" in way.sentence)

    client.post(address(call, "change_limits"), {**limits_of(call), "steps": chosen.steps})

    assert Limit.objects.get(value="planning").minimum == 1
    assert client.get(address(call)).context["outlook"].possible


@pytest.mark.parametrize(
    "steps",
    ["", "{}", "[1]", '[["minimum", 2, "sector", "nobody"]]', '[["seats", -1, "", ""]]', '[["else", 1, "", ""]]', "[["],
)
def test_a_change_that_no_button_sends_is_not_found(call: Call, client: Client, steps: str) -> None:
    assert client.post(address(call, "change_limits"), {**limits_of(call), "steps": steps}).status_code == 404


def test_fewer_applicants_than_places_can_be_met_by_fewer_places(client: Client, organiser: User) -> None:
    call = factories_draws.call(people=3, seats=5)
    factories_calls.organiser(call, organiser)
    response = client.get(address(call))

    assert "Only 3 take part, which does not fill the places." in text_of(response)
    steps = response.context["outlook"].fewer_places
    client.post(address(call, "change_limits"), {**limits_of(call), "steps": steps})

    call.refresh_from_db()
    assert (call.seats, json.loads(steps)) == (3, [["seats", 3, "", ""]])


def test_suggested_limits_stand_in_the_form_and_are_not_saved(call: Call, client: Client) -> None:
    sent = limits_of(call, seats=6) | {"like": "pool", "leeway": 0}
    response = client.post(address(call, "suggest_limits"), sent)
    page = text_of(response)

    form = response.context["form"]
    found = [form.initial[field(call, side, "technical")] for side in ("least", "most")]
    assert (found, form.initial["seats"]) == ([2, 2], 6)
    assert "They are not saved yet" in page
    assert Limit.objects.get(value="technical").minimum == 1


def test_a_call_without_features_or_applications_says_what_will_be_here(client: Client, organiser: User) -> None:
    call = factories_calls.call()
    factories_calls.organiser(call, organiser)
    page = text_of(client.get(address(call)))

    assert "Nobody has applied yet." in page
    assert "everybody who takes part has the same chance" in page
    assert "You can prepare the draw when the call is closed." in page


def test_applications_without_points_are_told_with_how_many(client: Client, organiser: User) -> None:
    call = factories_draws.call(people=3, seats=1, merit=Merit.THRESHOLD, merit_threshold=3)
    factories_calls.organiser(call, organiser)

    assert "3 applications have no points yet" in text_of(client.get(address(call)))


def test_page_costs_as_many_queries_with_one_application_as_with_many(
    client: Client, organiser: User, django_assert_max_num_queries
) -> None:
    counts = []
    for people in (1, 3):
        call = factories_draws.call(people=people, seats=1, size_bounds=[15_000])
        for source in (FeatureSource.PART, FeatureSource.COUNTY, FeatureSource.SIZE):
            factories_calls.criterion(call, source)
        factories_calls.organiser(call, organiser)
        client.get(address(call))
        with django_assert_max_num_queries(25) as counted:
            assert client.get(address(call)).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


# --- The draw -------------------------------------------------------------------------------------------------------


def test_test_draw_is_marked_as_a_test_everywhere(call: Call, client: Client) -> None:
    client.post(address(call, "try_draw"))
    draw = Draw.objects.get()
    waiting = text_of(client.get(address(call, "draw", draw.pk)))
    factories_draws.compute(draw)
    done = text_of(client.get(address(call, "draw", draw.pk)))

    assert "<strong>TEST</strong>" in waiting
    assert "The draw waits to be computed." in waiting
    assert "<strong>TEST</strong>" in done
    assert "This decides nothing." in done
    assert "technical services" in done.lower()
    assert "TEST</span> <a" in text_of(client.get(address(call)))


def test_progress_is_told_as_a_piece_that_asks_again_while_it_goes_on(call: Call, client: Client) -> None:
    client.post(address(call, "begin_draw"))
    draw = Draw.objects.get()
    url = address(call, "draw", draw.pk)
    Draw.objects.filter(pk=draw.pk).update(step="mixing", progress=75)

    running = text_of(client.get(url, headers={"HX-Request": "true"}))
    factories_draws.compute(draw)
    done = text_of(client.get(url, headers={"HX-Request": "true"}))

    assert 'hx-trigger="every 2s"' in running
    assert '<progress max="100" value="75"' in running
    assert ("hx-trigger" in done, "The computation is done." in done) == (False, True)
    assert client.get(url).headers["Location"] == address(call)


def test_from_the_limits_to_the_outcome_by_plain_forms(call: Call, client: Client) -> None:
    assert "A thousand groups" in text_of(client.get(address(call, "begin_draw")))
    client.post(address(call, "begin_draw"))
    assert "Stop the computation" in text_of(client.get(address(call)))
    draw = factories_draws.compute(Draw.objects.get())
    page = text_of(client.get(address(call)))
    assert "The draw is ready: only the number is missing." in page
    assert draw.results["report_sha256"] in page

    missing = client.post(address(call, "draw_number"), {"number": "", "url": ""})
    assert (missing.status_code, "Some answers need another look" in text_of(missing)) == (200, True)
    made = client.post(address(call, "draw_number"), {"number": "8 15", "url": "https://lotto.example/1"}, follow=True)
    assert "The draw is made." in text_of(made)
    assert "Look at the decisions" in text_of(made)
    again = client.post(address(call, "draw_number"), {"number": "9 16", "url": "https://lotto.example/1"}, follow=True)
    assert "It is already drawn with another number" in text_of(again)
    assert "Another number was tried after the draw: 9 16." in text_of(again)


def test_a_draw_is_stopped_by_a_plain_form(call: Call, client: Client) -> None:
    client.post(address(call, "begin_draw"))
    response = client.post(address(call, "stop_draw", Draw.objects.get().pk), follow=True)

    assert "The draw is stopped. Nothing was changed." in text_of(response)
    assert Draw.objects.get().state == DrawState.CANCELLED


def test_limits_cannot_be_saved_once_a_draw_is_begun(call: Call, client: Client) -> None:
    client.post(address(call, "begin_draw"))
    client.post(address(call), limits_of(call, seats=9))
    client.post(address(call, "change_limits"), {**limits_of(call), "steps": '[["seats", 9, "", ""]]'})

    call.refresh_from_db()
    assert call.seats == 4


def test_a_commitment_is_taken_back_with_its_reason(call: Call, client: Client, organiser: User) -> None:
    factories_draws.committed(call, organiser)
    refused = client.post(address(call, "take_draw_back"), {"why": ""})
    response = client.post(address(call, "take_draw_back"), {"why": "One was overlooked."}, follow=True)

    call.refresh_from_db()
    assert (refused.status_code, call.state) == (200, CallState.CLOSED)
    assert "The commitment was taken back. One was overlooked." in text_of(response)


def test_neither_of_two_sees_the_others_number(client: Client, organiser: User) -> None:
    call = factories_draws.call(seed_kind=SeedKind.TWO_PEOPLE)
    factories_calls.organiser(call, organiser)
    other = factories_calls.organiser(call)
    draw = factories_draws.committed(call, organiser)
    draws.enter_own_number(draw=draw, number="314159", by=other, now=NOW)

    pages = [text_of(client.get(address(call, name))) for name in ("selection", "draw_number", "report", "check")]
    assert [page for page in pages if "314159" in page] == []
    assert f"{other.name} has entered a number. The draw is made as soon as you enter yours." in pages[0]
    client.post(address(call, "draw_number"), {"number": "271828"})

    draw.refresh_from_db()
    assert draw.seed == "314159+271828"


# --- Two numbers ----------------------------------------------------------------------------------------------------


def test_a_draw_by_two_numbers_is_not_prepared_by_a_single_organiser(client: Client, organiser: User) -> None:
    call = factories_draws.call(seed_kind=SeedKind.TWO_PEOPLE)
    factories_calls.organiser(call, organiser)

    pages = [text_of(client.get(address(call, name))) for name in ("selection", "begin_draw")]
    refused = text_of(client.post(address(call, "begin_draw"), follow=True))

    assert ["Two organisers are needed" in page and address(call, "invite") in page for page in pages] == [True, True]
    assert [f'href="{address(call, "begin_draw")}"' in pages[0], "A thousand groups" in pages[1]] == [False, False]
    assert "you are the only organiser. Invite one more." in refused
    assert Draw.objects.count() == 0


def test_who_waits_for_the_other_number_reads_whose_it_is(client: Client, organiser: User) -> None:
    call = factories_draws.call(seed_kind=SeedKind.TWO_PEOPLE)
    factories_calls.organiser(call, organiser)
    other = factories_calls.organiser(call)
    draw = factories_draws.committed(call, organiser)
    before = text_of(client.get(address(call)))
    draws.enter_own_number(draw=draw, number="271828", by=organiser, now=NOW)

    assert f"Nobody has entered one yet: neither you nor {other.name}." in before
    assert f"as soon as one of the others has entered theirs: {other.name}." in text_of(client.get(address(call)))
    assert client.get(address(call, "draw_number")).headers["Location"] == address(call)
