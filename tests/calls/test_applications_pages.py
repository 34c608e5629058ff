"""Who gets an applicant's pages, what stands on them from the first draft to the decision, and on "my page"."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import Application, ApplicationState, Call, CallState, Decision, Merit, PoolMember
from samkraft.calls.operations import applications as beginning
from samkraft.calls.operations.applications_sending import hand_in, save
from samkraft.calls.rules.answers import Typed

from .. import factories, factories_calls, factories_draws
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SECRET = "Eva Secretname"
PAGES = ("application", "application_form", "application_preview", "application_erase", "application_data")


@pytest.fixture(autouse=True)
def at_now(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def sent_in(call: Call, email: str = "eva@example.org", **given) -> Application:
    said = {"name": SECRET, "place": factories.area(), "role": "employee", "sector": "planning", "now": NOW}
    return hand_in(call=call, email=email, **{**said, **given})


def page(client, application: Application) -> str:
    return client.get(links.application_path(application)).content.decode()


def test_whoever_holds_the_link_gets_the_pages_and_nobody_else_finds_them(cast) -> None:
    application = sent_in(factories_calls.call())
    token, key = links.token_of(application), application.key
    for name in PAGES:
        held = reverse(f"calls:{name}", args=[token])
        assert cast.statuses(held) == dict.fromkeys(("owner", "member", "outsider", "steward", "visitor"), 200)
        for other in (str(application.pk), key, f"{key}:", f"{key}:{'A' * 43}"):
            guessed = reverse(f"calls:{name}", args=[other])
            assert set(cast.statuses(guessed).values()) == {404}


@pytest.mark.parametrize("name", ["application_autosave", "application_restore"])
def test_what_changes_something_is_not_done_by_reading(name: str, client) -> None:
    application = sent_in(factories_calls.call())

    assert client.get(reverse(f"calls:{name}", args=[links.token_of(application)])).status_code == 405


def test_link_of_one_does_nothing_to_another(client) -> None:
    call = factories_calls.call()
    eva, bo = sent_in(call), sent_in(call, "bo@example.org", name="Bo")

    client.post(reverse("calls:application_withdraw", args=[links.token_of(bo)]))

    assert Application.objects.get(pk=eva.pk).state == ApplicationState.SUBMITTED
    assert Application.objects.get(pk=bo.pk).state == ApplicationState.WITHDRAWN


def test_public_pages_and_search_tell_nothing_of_applicants(client) -> None:
    call = factories_calls.call()
    application = sent_in(call)

    for address in (
        call.get_absolute_url(),
        reverse("calls:index"),
        reverse("calls:apply", args=[call.slug]),
        reverse("calls:apply_asked", args=[call.slug]),
        f"{reverse('search:page')}?q=Secretname",
    ):
        text = client.get(address).content.decode()
        assert SECRET not in text and "eva@example.org" not in text and application.key not in text


@pytest.mark.parametrize("page_name", PAGES[:4])
def test_title_of_a_page_holds_no_name(page_name: str, client) -> None:
    application = sent_in(factories_calls.call())

    text = client.get(reverse(f"calls:{page_name}", args=[links.token_of(application)])).content.decode()

    assert SECRET not in text.partition("</title>")[0]


def test_link_stays_out_of_the_log_of_requests(client, caplog) -> None:
    application = sent_in(factories_calls.call())

    with caplog.at_level("INFO", logger="samkraft.requests"):
        client.get(links.application_path(application))

    assert all(
        application.key not in str(vars(record)) for record in caplog.records if record.name == "samkraft.requests"
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CallState.OPEN, "You can change or withdraw it until"),
        (
            CallState.CLOSED,
            "the applications are looked through. You hear from us by April 1, 2026 at the latest.",
        ),
        (CallState.IN_REVIEW, "The applications are being read now."),
        (CallState.COMMITTED, "Everything is ready for the draw."),
        (CallState.DRAWN, "The draw is made, and the decisions are being prepared."),
        (CallState.DECIDED, "The draw is made, and the decisions are being prepared."),
        (CallState.ANNOUNCED, "The decision is made."),
        (CallState.CANCELLED, "The call is cancelled. Nothing more happens with your application."),
    ],
)
def test_applicant_reads_where_the_application_stands(state, words: str, client) -> None:
    call = factories_calls.call(announce_on=(NOW + timedelta(days=30)).date(), merit=Merit.THRESHOLD, merit_threshold=3)
    application = sent_in(call)
    Call.objects.update(state=state)

    assert words in page(client, application)


def test_who_has_sent_in_reads_what_comes_next_and_when(client) -> None:
    application = sent_in(factories_calls.call(announce_on=(NOW + timedelta(days=30)).date()))

    text = page(client, application)

    assert "until Thursday March 12, 2026 at 10:30. You hear from us by April 1, 2026 at the latest." in text
    assert "Keep the link that we have mailed you: it is your way back here." in text
    steps = re.sub(r"<[^>]+>|\s+", " ", text.partition('<ol class="steps"')[2].partition("</ol>")[0])
    assert re.search(r"Sent in +March 2, 2026 +Draw +Decision +by April 1, 2026", steps)

    Call.objects.update(state=CallState.ANNOUNCED)
    assert "April 1, 2026" not in page(client, application)


def test_chance_is_shown_to_its_applicant_from_the_commitment_on(client) -> None:
    call = factories_draws.call()
    application = call.applications.first()
    assert "Your chance in the draw" not in page(client, application)

    factories_draws.committed(call)

    assert "Your chance in the draw" in page(client, application)


def test_decision_is_led_to_when_it_is_announced_and_not_before(client) -> None:
    draw = factories_draws.drawn()
    application = draw.call.applications.first()
    assert "What was decided" not in page(client, application)

    factories_draws.announce(draw.call)
    Decision.objects.filter(application=application).update(outcome="place", answer_by=NOW + timedelta(days=1))

    text = page(client, application)
    assert "You are offered a place." in text
    (reply,) = re.findall(r'href="([^"]+)">Say whether you take the place', text)
    assert client.get(reply).status_code == 200


def test_who_did_not_reach_the_points_reads_so_and_sees_no_draw_on_the_way(client) -> None:
    draw = factories_draws.drawn()
    Call.objects.filter(pk=draw.call_id).update(merit=Merit.THRESHOLD, merit_threshold=3)
    application = draw.call.applications.first()
    factories_draws.announce(draw.call)
    Decision.objects.filter(application=application).update(outcome="no")
    assert "There were more who applied than there are places." in page(client, application)
    assert "Draw</li>" in page(client, application)

    PoolMember.objects.filter(application=application).delete()

    text = page(client, application)
    assert "did not get as many points from the reviewers as it takes to be in the draw." in text
    assert "Draw</li>" not in text

    Application.objects.filter(pk=application.pk).update(state=ApplicationState.EXCLUDED)
    text = page(client, application)
    assert "The organiser has not taken up your application. Thank you for applying." in text


def test_what_can_be_done_follows_from_where_it_stands(client) -> None:
    call = factories_calls.call()
    application = sent_in(call)
    token = links.token_of(application)
    change, withdraw, back = (
        reverse(f"calls:application_{name}", args=[token]) for name in ("form", "withdraw", "restore")
    )

    def offered() -> list[bool]:
        text = page(client, application)
        return [f'"{address}"' in text for address in (change, withdraw, back)]

    assert offered() == [True, True, False]
    asks = client.get(withdraw)
    assert asks.status_code == 200 and Application.objects.get().state == ApplicationState.SUBMITTED
    client.post(withdraw)
    assert offered() == [True, False, True]
    client.post(back)
    assert offered() == [True, True, False]
    Call.objects.update(state=CallState.IN_REVIEW)
    assert offered() == [False, True, False]
    Call.objects.update(state=CallState.COMMITTED)
    assert offered() == [False, False, False]
    assert client.post(withdraw, follow=True).status_code == 200
    assert Application.objects.get().state == ApplicationState.SUBMITTED


def test_my_page_shows_what_is_to_be_sent_in_and_where_the_others_stand(cast) -> None:
    client = cast.client("member")
    begun = beginning.begin_as_reader(call=factories_calls.call(title="Begun"), user=cast.member, now=NOW)
    closed = beginning.begin_as_reader(call=factories_calls.call(title="Too late"), user=cast.member, now=NOW)
    Call.objects.filter(pk=closed.call_id).update(state=CallState.CLOSED)
    sent = sent_in(factories_calls.call(title="Sent in"), "member@example.org", user=cast.member)
    foreign = sent_in(factories_calls.call(title="Of another"))

    text = client.get(reverse("portal:my")).content.decode()

    todo, _heading, mine = text.partition('<div class="mine">')
    assert links.form_path(begun) in todo and "Closes on Thursday March 12, 2026 at 10:30" in todo
    assert links.application_path(sent) in mine and links.application_path(closed) in mine
    assert links.form_path(begun) not in mine
    assert "Of another" not in text and foreign.key not in text

    save(application=sent, typed=Typed(name="Changed"), now=NOW)
    todo = client.get(reverse("portal:my")).content.decode().partition('<div class="mine">')[0]
    assert "What you have changed is not sent in." in todo


def test_my_page_costs_as_many_queries_with_three_applications_as_with_one(cast) -> None:
    client = cast.client("member")
    address = reverse("portal:my")
    client.get(address)

    def both() -> None:
        sent_in(factories_calls.call(), "member@example.org", user=cast.member)
        beginning.begin_as_reader(call=factories_calls.call(), user=cast.member, now=NOW)

    both()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    both()
    both()
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(one) == len(three)


def test_pages_are_read_in_every_language(client) -> None:
    application = sent_in(factories_calls.call())
    token = links.token_of(application)

    for language in ("sv", "nb", "da", "en"):
        for name in PAGES[:4]:
            address = reverse(f"calls:{name}", args=[token]).replace("/en/", f"/{language}/", 1)
            assert client.get(address).status_code == 200
