"""Pages of a meeting: who may open each, what each shows to whom, and how much it asks of the database."""

import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import samkraft
from samkraft.meetings.models import Attendance, Meeting
from samkraft.meetings.operations import minutes, planning
from samkraft.networks.models import NetworkState
from samkraft.records.models import TransitionLog
from tests import factories, factories_meetings, factories_networks
from tests.factories import NOW

ORGANISERS = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
ATTENDERS = {"owner": 200, "member": 200, "outsider": 404, "steward": 200, "visitor": 302}
ACCOUNTS = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}
EVERYBODY = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 200}
NOBODY_ELSE = {"owner": 200, "member": 200, "outsider": 404, "steward": 200, "visitor": 404}
ORGANISERS_POST = {"owner": 302, "member": 404, "outsider": 404, "steward": 302, "visitor": 302}


@pytest.fixture
def forum(cast):
    """Of the cast, the owner convenes the network and the member speaks for the bakery."""
    made = factories_meetings.forum(convener=cast.owner)
    factories_networks.speaker(made.bakery, person=cast.member)
    return made


@pytest.fixture
def before(monkeypatch):
    """Pages read the clock themselves: for them the meetings lie ahead."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meeting", EVERYBODY),
        ("calendar_file", EVERYBODY),
        ("change", ORGANISERS),
        ("cancel", ORGANISERS),
        ("answer_signed_in", ATTENDERS),
        ("propose", ATTENDERS),
        ("people", ORGANISERS),
        ("add_present", ORGANISERS),
        ("people_csv", ORGANISERS),
        ("people_xlsx", ORGANISERS),
        ("write", ORGANISERS),
        ("approve", ORGANISERS),
        ("pdf", ATTENDERS),
        ("add_decision", ORGANISERS),
        ("add_file", ORGANISERS),
    ],
)
def test_page_of_a_called_meeting_opens_for_those_whom_it_is_for(cast, forum, before, name, expected):
    meeting = factories_meetings.called(forum)
    assert cast.statuses(url(name, meeting.pk)) == expected


@pytest.mark.parametrize(("name", "expected"), [("meeting", NOBODY_ELSE), ("calendar_file", NOBODY_ELSE)])
def test_planned_meeting_exists_only_for_those_who_may_attend(cast, forum, before, name, expected):
    meeting = factories_meetings.meeting(forum.network)
    assert cast.statuses(url(name, meeting.pk)) == expected
    assert cast.statuses(url("call", meeting.pk)) == ORGANISERS


def test_meeting_of_a_network_that_is_not_public_exists_only_for_its_own(cast, forum, before):
    meeting = factories_meetings.called(forum)
    type(forum.network).objects.filter(pk=forum.network.pk).update(state=NetworkState.WITHDRAWN)
    assert cast.statuses(url("meeting", meeting.pk)) == NOBODY_ELSE
    assert Client().get(reverse("networks:meetings_calendar", args=[forum.network.slug])).status_code == 404


def test_pages_of_points_files_and_decisions_open_for_organisers(cast, forum, before, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    meeting = factories_meetings.called(forum)
    item = factories_meetings.item(meeting)
    upload = SimpleUploadedFile("plan.txt", b"What we do in autumn.\n", "text/plain")
    kept = minutes.add_file(meeting=meeting, upload=upload, title="Plan", by=forum.convener, now=NOW)
    for address in (
        url("item", item.pk),
        url("decline_item", item.pk),
        url("notes", item.pk),
        url("remove_file", kept.pk),
    ):
        assert cast.statuses(address) == ORGANISERS


def test_proposer_opens_their_own_proposal(cast, forum, before):
    item = factories_meetings.item(factories_meetings.called(forum), by=cast.member, state="proposed")
    assert cast.statuses(url("item", item.pk)) == ATTENDERS
    assert cast.statuses(url("decline_item", item.pk)) == ORGANISERS


@pytest.mark.parametrize("name", ["invite", "hold", "accept_item", "move_item", "finish_decision", "remove_decision"])
def test_button_works_for_organisers_and_is_no_link(cast, forum, before, name):
    meeting = factories_meetings.called(forum)
    item = factories_meetings.item(meeting, state="proposed" if name == "accept_item" else "accepted")
    decision = minutes.add_decision(
        meeting=meeting,
        item=None,
        text="A",
        responsible=None,
        responsible_name="E",
        due_on=None,
        by=cast.owner,
        now=NOW,
    )
    numbers = {"accept_item": item.pk, "move_item": item.pk}
    numbers |= {"finish_decision": decision.pk, "remove_decision": decision.pk}
    address = url(name, numbers.get(name, meeting.pk))
    assert cast.client("owner").get(address).status_code == 405
    expected = {**ORGANISERS_POST, "steward": 404} if name == "remove_decision" else ORGANISERS_POST
    assert cast.statuses(address, "post") == expected


def test_posting_to_another_networks_meeting_changes_nothing(cast, before):
    theirs = factories_meetings.forum()
    meeting = factories_meetings.called(theirs)
    item = factories_meetings.item(meeting)
    factories_networks.convener(factories_networks.network(), person=cast.owner)
    client = cast.client("owner")
    names = ["change", "cancel", "people", "add_present", "write", "approve", "add_decision", "add_file", "propose"]
    addresses = [url(name, meeting.pk) for name in names]
    addresses += [url(name, item.pk) for name in ("item", "notes", "decline_item", "move_item")]
    assert {client.post(address, {"why": "x", "text": "x"}).status_code for address in addresses} == {404}
    assert (Meeting.objects.get(pk=meeting.pk).state, item.meeting.items.count()) == ("called", 1)


def test_calendar_address_is_for_accounts_and_its_buttons_are_no_links(cast):
    assert cast.statuses(url("calendar_address")) == ACCOUNTS
    for name in ("make_calendar_address", "end_calendar_address"):
        assert cast.client("owner").get(url(name)).status_code == 405
        assert cast.client("visitor").post(url(name)).status_code == 302


def test_stranger_sees_title_time_and_place_only(forum, before):
    meeting = factories_meetings.called(forum)
    factories_meetings.item(meeting, title="A secret point")
    Attendance.objects.filter(user=forum.decider).update(answer="yes")
    response = Client().get(url("meeting", meeting.pk))
    page = response.content.decode()
    assert [word in page for word in (meeting.title, "The library", "10:30–12:30")] == [True] * 3
    assert [
        word in page for word in ("secret-room", "A secret point", "Eva Decider", "We plan the autumn", "The bakery")
    ] == [False] * 5
    assert list(response.cookies) == []


def test_attender_sees_all_but_the_organisers_tools(cast, forum, before):
    meeting = factories_meetings.called(forum)
    factories_meetings.item(meeting, title="A point")
    Attendance.objects.filter(user=forum.decider).update(answer="yes")
    page = cast.client("member").get(url("meeting", meeting.pk)).content.decode()
    assert [word in page for word in ("secret-room", "A point", "Eva Decider", "The bakery")] == [True] * 4
    assert [url(name, meeting.pk) in page for name in ("change", "cancel", "people", "write")] == [False] * 4


def test_meeting_is_planned_called_changed_and_cancelled_on_its_pages(cast, forum, before):
    client = cast.client("owner")
    new = reverse("networks:new_meeting", args=[forum.network.slug])
    data = {"title": "Umbrella", "day": "2026-03-31", "begins": "18:00", "ends": "20:00", "rhythm": "once"}
    assert client.post(new, {**data, "place": "The school"}).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at.isoformat() == "2026-03-31T16:00:00+00:00"
    client.post(url("call", meeting.pk))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.attendances.count()) == ("called", 5)
    form = client.get(url("change", meeting.pk)).context["form"]
    initial = {name: form[name].value() or "" for name in form.fields}
    assert (str(initial["begins"]), str(initial["day"])) == ("18:00:00", "2026-03-31")
    sent = {**data, "seen": initial["seen"], "begins": "19:00", "ends": "21:00", "place": "The school"}
    assert client.post(url("change", meeting.pk), sent).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.starts_at.hour, meeting.sequence) == (17, 1)
    stale = client.post(url("change", meeting.pk), {**sent, "seen": "2026-03-01T12:00:00+00:00", "place": "Elsewhere"})
    assert "Somebody else has changed the meeting" in stale.content.decode()
    assert client.post(url("cancel", meeting.pk), {"why": ""}).status_code == 200
    client.post(url("cancel", meeting.pk), {"why": "Snow."})
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_time_that_does_not_occur_and_an_end_before_the_beginning_are_refused(cast, forum, before):
    new = reverse("networks:new_meeting", args=[forum.network.slug])
    data = {"title": "U", "day": "2026-03-29", "begins": "02:30", "ends": "04:00", "rhythm": "once", "place": "P"}
    client = cast.client("owner")
    assert "does not occur" in client.post(new, data).content.decode()
    assert "end after it begins" in client.post(new, {**data, "begins": "05:00"}).content.decode()
    assert "how many meetings" in client.post(new, {**data, "begins": "03:30", "rhythm": "weekly"}).content.decode()
    assert Meeting.objects.count() == 0


def test_rest_of_a_series_is_cancelled_on_the_page_of_one(cast, forum, before):
    new = reverse("networks:new_meeting", args=[forum.network.slug])
    data = {"title": "U", "day": "2026-03-10", "begins": "18:00", "ends": "20:00", "rhythm": "monthly", "how_many": 3}
    client = cast.client("owner")
    client.post(new, data)
    second = Meeting.objects.order_by("starts_at")[1]
    assert "(2 meetings)" in client.get(url("cancel", second.pk)).content.decode()
    client.post(url("cancel", second.pk), {"why": "Enough.", "what": "rest"})
    states = list(Meeting.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == ["planned", "cancelled", "cancelled"]


def test_mails_to_all_are_limited(cast, forum, before, monkeypatch):
    monkeypatch.setattr("samkraft.meetings.views.planning.CALLINGS_AN_HOUR", 1)
    client = cast.client("owner")
    first, second = (factories_meetings.meeting(forum.network) for _ in range(2))
    assert client.post(url("call", first.pk)).status_code == 302
    assert client.post(url("call", second.pk)).status_code == 429


def test_ticks_are_kept_from_the_page(cast, forum, before):
    meeting = factories_meetings.called(forum)
    row = Attendance.objects.get(user=forum.singer)
    client = cast.client("owner")
    client.post(url("people", meeting.pk), {"present": [row.pk, "x", "9" * 30]})
    row.refresh_from_db()
    assert row.was_present is True
    data = {"name": "Bo", "party_name": "The choir", "is_decision_maker": "on"}
    assert client.post(url("add_present", meeting.pk), data).status_code == 302
    assert Attendance.objects.get(name="Bo").was_present is True


def test_attendance_is_exported_without_formulas(cast, forum, before):
    meeting = factories_meetings.called(forum)
    Attendance.objects.create(meeting=meeting, name="=1+1", party_name="@x", was_present=True)
    client = cast.client("owner")
    csv = client.get(url("people_csv", meeting.pk))
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("people_xlsx", meeting.pk)).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert (len(rows), rows[0][:2]) == (7, ("For", "Name"))
    assert (csv["Content-Type"], "'=1+1" in csv.content.decode()) == ("text/csv; charset=utf-8", True)
    assert "@example.org" not in csv.content.decode()


def test_my_page_shows_what_awaits_me_and_what_comes(cast, forum, before):
    meeting = factories_meetings.called(forum)
    minutes.add_decision(
        meeting=meeting,
        item=None,
        text="We paint the bridge.",
        responsible=cast.member,
        responsible_name="",
        due_on=NOW.date() - timedelta(days=3),
        by=cast.owner,
        now=NOW,
    )
    page = cast.client("member").get(reverse("portal:my")).content.decode()
    wanted = (url("answer_signed_in", meeting.pk), "We paint the bridge.", "Late", url("calendar_address"))
    assert [word in page for word in wanted] == [True] * 4
    page = cast.client("outsider").get(reverse("portal:my")).content.decode()
    assert [word in page for word in (meeting.title, "We paint the bridge.")] == [False, False]


def test_my_page_forgets_meetings_of_a_network_that_i_have_left(cast, forum, before):
    meeting = factories_meetings.called(forum)
    forum.bakery.people.filter(user=cast.member).update(ended_on=NOW.date())
    page = cast.client("member").get(reverse("portal:my")).content.decode()
    assert [url(name, meeting.pk) in page for name in ("answer_signed_in", "meeting")] == [False, False]


@pytest.mark.parametrize("who", ["owner", "member", "visitor"])
def test_page_of_a_meeting_costs_the_same_for_one_of_each_and_three(cast, forum, before, who):
    meeting = factories_meetings.called(forum)
    client = cast.client(who)
    counts = [_counted(client, url("meeting", meeting.pk))]
    for _ in range(3):
        factories_meetings.item(meeting)
        factories_meetings.item(meeting, state="proposed")
        Attendance.objects.create(meeting=meeting, user=factories.user(), answer="yes", invited_at=NOW)
        decision = {"item": None, "text": "A", "responsible": factories.user(), "responsible_name": ""}
        minutes.add_decision(meeting=meeting, due_on=None, by=cast.owner, now=NOW, **decision)
    counts.append(_counted(client, url("meeting", meeting.pk)))
    assert (counts[0] == counts[1], counts[1] <= 25) == (True, True)


def test_list_of_people_costs_the_same_for_few_and_many(cast, forum, before):
    meeting = factories_meetings.called(forum)
    client = cast.client("owner")
    few = _counted(client, url("people", meeting.pk))
    for _ in range(3):
        Attendance.objects.create(meeting=meeting, user=factories.user(), invited_at=NOW)
    assert (_counted(client, url("people", meeting.pk)), few <= 12) == (few, True)


def _counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


ROOT = Path(samkraft.__file__).parent
TEMPLATES = sorted(
    [*ROOT.glob("meetings/templates/**/*.html"), *ROOT.glob("networks/templates/networks/meetings*.html")]
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_keeps_to_the_strict_content_policy(path):
    forbidden = r"\sstyle=|<style|<script|javascript:|\son[a-z]+=|(src|href)=\"https?://|placeholder="
    assert re.findall(forbidden, path.read_text()) == []


def test_state_of_a_meeting_is_logged_with_who_and_why(cast, forum):
    meeting = factories_meetings.called(forum)
    planning.cancel(meeting=meeting, by=cast.owner, now=NOW, why="Snow.")
    logged = [(log.to_state, log.by, log.why) for log in TransitionLog.objects.of(meeting)]
    assert logged == [("called", cast.owner, ""), ("cancelled", cast.owner, "Snow.")]
