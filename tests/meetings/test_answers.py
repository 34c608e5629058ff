"""Those invited answer with or without an account, say who can decide, send others, and are reminded."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from samkraft.meetings import links
from samkraft.meetings.models import Answer, Attendance, Meeting
from samkraft.meetings.operations import invitations, planning, reminders
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from tests import factories, factories_meetings, factories_networks
from tests.factories import NOW


@pytest.fixture
def forum(db):
    return factories_meetings.forum()


@pytest.fixture
def soon(monkeypatch):
    """Pages read the clock themselves: for them the meetings lie ahead."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def answered(meeting, person, answer=Answer.YES, now=NOW, **fields):
    rows = list(Attendance.objects.filter(meeting=meeting, user=person))
    given = {"decides_for": set(), **fields}
    invitations.answer(meeting=meeting, rows=rows, answer=answer, now=now, **given)
    return rows


def link_of(meeting, person):
    row = Attendance.objects.filter(meeting=meeting, user=person).first()
    return reverse("meetings:answer", args=[links.token_of(row)])


def test_link_of_the_mail_answers_without_signing_in(forum, soon):
    meeting = factories_meetings.called(forum)
    url = OutboxMessage.objects.get(to_user=forum.singer).url.partition("/en/")[2]
    row = Attendance.objects.get(user=forum.singer)
    client = Client()
    assert client.get(f"/en/{url}").status_code == 200
    response = client.post(f"/en/{url}", {"answer": "yes", "decides_for": ["The choir"]})
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_at, row.is_decision_maker) == ("yes", NOW, True)
    assert meeting.title in client.get(f"/en/{url}").content.decode()


def test_reading_the_link_answers_nothing(forum, soon):
    meeting = factories_meetings.called(forum)
    Client().get(link_of(meeting, forum.singer))
    assert Attendance.objects.get(user=forum.singer).answer == Answer.NONE


def test_guessed_and_altered_links_do_not_exist(forum, soon):
    meeting = factories_meetings.called(forum)
    row = Attendance.objects.get(user=forum.singer)
    token = links.token_of(row)
    other = Attendance.objects.get(user=forum.editor)
    signature = token.partition(":")[2]
    guesses = [
        str(row.pk),
        f"{row.pk}:abc:def",
        signing.dumps(row.pk, salt="another"),
        signing.dumps(row.pk, key="x" * 50, salt=links.SALT),
        signing.dumps("all", salt=links.SALT),
        signing.dumps(10**12, salt=links.SALT),
        f"{links.token_of(other).partition(':')[0]}:{signature}",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
    ]
    statuses = {Client().get(reverse("meetings:answer", args=[guess])).status_code for guess in guesses}
    assert statuses == {404}
    assert Client().post(reverse("meetings:answer", args=[guesses[0]]), {"answer": "no"}).status_code == 404
    assert meeting.attendances.exclude(answer=Answer.NONE).count() == 0


def test_link_of_a_closed_account_does_not_exist(forum, soon):
    meeting = factories_meetings.called(forum)
    url = link_of(meeting, forum.singer)
    forum.singer.is_active = False
    forum.singer.save()
    assert Client().get(url).status_code == 404


def test_page_of_the_link_is_not_kept_and_does_not_tell_its_address_on(forum, soon):
    meeting = factories_meetings.called(forum)
    response = Client().get(link_of(meeting, forum.singer))
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "same-origin")


def test_one_decides_only_for_parties_of_ones_own(forum, soon):
    meeting = factories_meetings.called(forum)
    theirs = Attendance.objects.get(user=forum.editor)
    response = Client().post(link_of(meeting, forum.singer), {"answer": "yes", "decides_for": ["The bakery"]})
    theirs.refresh_from_db()
    assert (response.status_code, theirs.is_decision_maker) == (200, False)


def test_somebody_else_comes_instead_and_is_invited(forum, soon):
    meeting = factories_meetings.called(forum)
    OutboxMessage.objects.all().delete()
    data = {"answer": "yes", "instead_name": "Bo Bass", "instead_email": "Bo@Example.org"}
    assert Client().post(link_of(meeting, forum.singer), data).status_code == 302
    assert Attendance.objects.get(user=forum.singer).answer == Answer.NO
    sent = Attendance.objects.get(email="bo@example.org")
    assert (sent.name, sent.party_name, sent.answer) == ("Bo Bass", "The choir", Answer.NONE)
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, forum.singer.name in mail.text) == ("bo@example.org", True)
    assert Client().get(mail.url.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_somebody_with_an_account_who_comes_instead_is_invited_as_such(forum):
    meeting = factories_meetings.called(forum)
    answered(meeting, forum.singer, instead_name="X", instead_email=forum.outsider.email)
    assert Attendance.objects.get(user=forum.outsider).party_name == "The choir"


def test_nobody_is_sent_twice_and_not_too_many(forum):
    meeting = factories_meetings.called(forum)
    with pytest.raises(Refused):
        answered(meeting, forum.singer, instead_name="Eva", instead_email=forum.decider.email)
    for number in range(invitations.MOST_SENT_INSTEAD):
        answered(meeting, forum.singer, instead_name="N", instead_email=f"n{number}@example.org")
    with pytest.raises(Refused):
        answered(meeting, forum.singer, instead_name="N", instead_email="n9@example.org")


def test_name_without_address_is_asked_for(forum, soon):
    meeting = factories_meetings.called(forum)
    response = Client().post(link_of(meeting, forum.singer), {"answer": "no", "instead_name": "Bo"})
    assert (response.status_code, "both the name and the e-mail" in response.content.decode()) == (200, True)
    assert Attendance.objects.get(user=forum.singer).answer == Answer.NONE


def test_meeting_that_is_over_or_cancelled_is_not_answered(forum):
    meeting = factories_meetings.called(forum)
    with pytest.raises(Refused):
        answered(meeting, forum.singer, now=meeting.ends_at)
    planning.cancel(meeting=meeting, by=forum.convener, now=NOW, why="Snow.")
    with pytest.raises(Refused):
        answered(meeting, forum.singer)


def test_who_joined_after_the_call_answers_on_the_site(forum, soon, cast):
    meeting = factories_meetings.called(forum)
    factories_networks.speaker(forum.choir, person=cast.outsider, is_decision_maker=True)
    url = reverse("meetings:answer_signed_in", args=[meeting.pk])
    client = cast.client("outsider")
    assert client.get(url).status_code == 200
    assert Attendance.objects.filter(user=cast.outsider).count() == 0
    client.post(url, {"answer": "maybe", "decides_for": ["The choir"]})
    row = Attendance.objects.get(user=cast.outsider)
    assert (row.answer, row.party_name, row.is_decision_maker) == ("maybe", "The choir", True)


def test_answers_from_one_address_are_limited(forum, soon, monkeypatch):
    monkeypatch.setattr("samkraft.meetings.views.answers.ANSWERS_AN_HOUR", 2)
    url = link_of(factories_meetings.called(forum), forum.singer)
    statuses = [Client().post(url, {"answer": "yes"}).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


def reminded(now):
    OutboxMessage.objects.all().delete()
    reminders.remind(now=now)
    return sorted(mail.to_user.pk for mail in OutboxMessage.objects.filter(kind="meetings.reminder"))


def test_reminders_go_a_week_and_a_day_before_once_each(forum):
    meeting = factories_meetings.called(forum)
    answered(meeting, forum.singer, Answer.NO)
    everybody = sorted(person.pk for person in (forum.decider, forum.editor, forum.convener))
    days = [timedelta(days=days) for days in (8, 6, 5, 0.9, 0.5)]
    assert [reminded(meeting.starts_at - before) for before in days] == [[], everybody, [], everybody, []]
    assert reminded(meeting.starts_at) == []


def test_who_has_just_heard_is_not_reminded_at_once(forum):
    meeting = factories_meetings.called(forum, starts_at=NOW + timedelta(days=3))
    assert reminded(NOW + timedelta(minutes=5)) == []
    assert len(reminded(meeting.starts_at - timedelta(hours=20))) == 4


def test_meeting_that_is_moved_is_reminded_of_anew(forum):
    meeting = factories_meetings.called(forum)
    assert len(reminded(meeting.starts_at - timedelta(days=6))) == 4
    fields = {name: getattr(meeting, name) for name in planning.FIELDS}
    starts = meeting.starts_at + timedelta(days=30)
    fields |= {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    planning.change(meeting=meeting, by=forum.convener, now=NOW, seen=meeting.changed_at, **fields)
    assert len(reminded(starts - timedelta(days=6))) == 4


def test_cancelled_and_planned_meetings_are_not_reminded_of(forum):
    factories_meetings.meeting(forum.network)
    cancelled = factories_meetings.called(forum)
    planning.cancel(meeting=cancelled, by=forum.convener, now=NOW, why="Snow.")
    assert reminded(NOW + timedelta(days=5)) == []


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one_whole_answer(at_once):
    factories.area()
    forum = factories_meetings.forum()
    meeting = factories_meetings.called(forum)
    pk = meeting.pk

    def answer(place):
        mine = Meeting.objects.get(pk=pk)
        rows = list(Attendance.objects.filter(meeting=mine, user=forum.singer))
        invitations.answer(
            meeting=mine,
            rows=rows,
            answer=Answer.YES,
            decides_for={rows[0].pk},
            now=NOW,
            instead_name="Bo" if place else "",
            instead_email="bo@example.org" if place else "",
        )

    at_once(answer, 4)
    sent = Attendance.objects.filter(email="bo@example.org").count()
    assert (sent, OutboxMessage.objects.filter(to_address="bo@example.org").count()) == (1, 1)
    assert Attendance.objects.filter(user=forum.singer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(at_once):
    forum = factories_meetings.forum()
    meeting = factories_meetings.called(forum)
    at_once(lambda place: reminders.remind(now=meeting.starts_at - timedelta(days=6)), 2)
    assert OutboxMessage.objects.filter(kind="meetings.reminder").count() == 4
