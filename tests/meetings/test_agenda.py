"""Anyone who may attend proposes; the organisers accept, decline with a word, and put in order."""

import pytest
from django.urls import reverse

from samkraft.meetings import queries
from samkraft.meetings.models import AgendaItem, ItemState
from samkraft.meetings.operations import agenda, attendance, minutes, planning
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from tests import factories_meetings
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def forum():
    return factories_meetings.forum()


@pytest.fixture
def meeting(forum):
    made = factories_meetings.called(forum)
    OutboxMessage.objects.all().delete()
    return made


def propose(meeting, by, title="Cycle paths", now=NOW):
    return agenda.propose(meeting=meeting, title=title, text="Why", minutes_long=15, by=by, now=now)


def titles(meeting):
    return [point.item.title for point in queries.agenda_of(meeting).points]


def test_proposal_is_told_to_the_one_who_planned_the_meeting(forum, meeting):
    item = propose(meeting, forum.editor)
    mail = OutboxMessage.objects.get()
    assert (item.state, mail.to_user, "Cycle paths" in mail.text) == (ItemState.PROPOSED, forum.convener, True)


def test_organisers_point_stands_on_the_agenda_at_once(forum, meeting):
    assert propose(meeting, forum.convener).state == ItemState.ACCEPTED
    assert OutboxMessage.objects.count() == 0


def test_outsider_proposes_nothing(forum, meeting):
    with pytest.raises(Refused):
        propose(meeting, forum.outsider)


def test_nothing_is_proposed_when_the_meeting_is_over_or_cancelled(forum, meeting):
    with pytest.raises(Refused):
        propose(meeting, forum.editor, now=meeting.ends_at)
    planning.cancel(meeting=meeting, by=forum.convener, now=NOW, why="Snow.")
    with pytest.raises(Refused):
        propose(meeting, forum.convener)


def test_proposal_is_accepted_last_on_the_agenda_and_its_maker_told(forum, meeting):
    propose(meeting, forum.convener, "First")
    item = propose(meeting, forum.editor)
    propose(meeting, forum.convener, "Second")
    OutboxMessage.objects.all().delete()
    agenda.settle(item=item, accept=True, by=forum.convener, now=NOW)
    assert titles(meeting) == ["First", "Second", "Cycle paths"]
    assert OutboxMessage.objects.get().to_user == forum.editor


def test_proposal_is_declined_with_a_word(forum, meeting):
    item = propose(meeting, forum.editor)
    agenda.settle(item=item, accept=False, by=forum.convener, now=NOW, why="In autumn instead.")
    mail = OutboxMessage.objects.get(to_user=forum.editor)
    assert (item.state, "In autumn instead." in mail.text) == (ItemState.DECLINED, True)
    assert queries.agenda_of(meeting).proposals == []


def test_second_who_answers_a_proposal_is_told(forum, meeting):
    item = propose(meeting, forum.editor)
    seen_by_another = AgendaItem.objects.get(pk=item.pk)
    agenda.settle(item=item, accept=True, by=forum.convener, now=NOW)
    with pytest.raises(Refused):
        agenda.settle(item=seen_by_another, accept=False, by=forum.convener, now=NOW, why="No.")
    assert AgendaItem.objects.get(pk=item.pk).state == ItemState.ACCEPTED


def test_only_organisers_answer_and_put_in_order(forum, meeting):
    item = propose(meeting, forum.editor)
    with pytest.raises(Refused):
        agenda.settle(item=item, accept=True, by=forum.editor, now=NOW)
    with pytest.raises(Refused):
        agenda.move_item(item=item, direction="up", by=forum.editor, now=NOW)


def test_points_move_one_step_and_stay_at_the_ends(forum, meeting):
    items = [propose(meeting, forum.convener, title) for title in "ABC"]
    places = [agenda.move_item(item=items[2], direction="up", by=forum.convener, now=NOW) for _ in range(3)]
    assert (places, titles(meeting)) == ([2, 1, 1], ["C", "A", "B"])
    agenda.move_item(item=items[2], direction="down", by=forum.convener, now=NOW)
    assert titles(meeting) == ["A", "C", "B"]


def test_maker_changes_a_proposal_until_it_is_answered(forum, meeting):
    item = propose(meeting, forum.editor)
    agenda.change_item(item=item, title="Bus lanes", text="", minutes_long=5, by=forum.editor, now=NOW)
    item.refresh_from_db()
    assert (item.title, item.minutes_long) == ("Bus lanes", 5)
    with pytest.raises(Refused):
        agenda.change_item(item=item, title="X", text="", minutes_long=5, by=forum.singer, now=NOW)
    agenda.settle(item=item, accept=True, by=forum.convener, now=NOW)
    with pytest.raises(Refused):
        agenda.remove_item(item=item, by=forum.editor, now=NOW)


def test_point_that_minutes_speak_of_stays(forum, meeting):
    item = propose(meeting, forum.convener)
    minutes.write_notes(item=item, html="<p>We agreed.</p>", version=0, by=forum.convener, now=NOW)
    item.refresh_from_db()
    with pytest.raises(Refused):
        agenda.remove_item(item=item, by=forum.convener, now=NOW)


def test_page_tells_clock_times_and_how_far_the_agenda_is_too_long(forum, meeting, cast):
    for title, long in (("Welcome", 7), ("Campaign", 100), ("Other", 30)):
        agenda.propose(meeting=meeting, title=title, text="", minutes_long=long, by=forum.convener, now=NOW)
    planned = queries.agenda_of(meeting)
    assert (planned.minutes, planned.minutes_over) == (137, 17)
    page = cast.client("steward").get(meeting.get_absolute_url()).content.decode()
    assert [clock in page for clock in (">10:30<", ">10:37<", ">12:17<", "17 minutes more")] == [True] * 4


def test_buttons_move_points_without_scripts(forum, meeting, cast):
    items = [propose(meeting, forum.convener, title) for title in "AB"]
    url = reverse("meetings:move_item", args=[items[1].pk])
    response = cast.client("steward").post(url, {"direction": "up"})
    assert (response.status_code, response.url) == (302, f"{meeting.get_absolute_url()}#item-{items[1].pk}")
    assert titles(meeting) == ["B", "A"]


def test_presence_is_ticked_and_two_who_tick_do_not_undo_each_other(forum, meeting):
    first, second, third = (row.pk for row in meeting.attendances.all()[:3])
    attendance.note_presence(meeting=meeting, present={first}, was=set(), by=forum.convener, now=NOW)
    attendance.note_presence(meeting=meeting, present={second, third}, was=set(), by=forum.convener, now=NOW)
    assert set(meeting.attendances.filter(was_present=True).values_list("pk", flat=True)) == {first, second, third}
    attendance.note_presence(meeting=meeting, present={second}, was={second, third}, by=forum.convener, now=NOW)
    assert set(meeting.attendances.filter(was_present=True).values_list("pk", flat=True)) == {first, second}


def test_presence_of_another_meeting_is_not_touched(forum, meeting):
    other = factories_meetings.called(forum)
    row = other.attendances.first()
    attendance.note_presence(meeting=meeting, present={row.pk}, was=set(), by=forum.convener, now=NOW)
    row.refresh_from_db()
    assert row.was_present is False


def test_somebody_who_came_unannounced_is_added_for_a_known_party(forum, meeting):
    row = attendance.add_present(
        meeting=meeting, name="Bo", party_name="the CHOIR", is_decision_maker=True, by=forum.convener, now=NOW
    )
    assert (row.party, row.party_name, row.was_present, row.invited_at) == (forum.choir, "The choir", True, None)
    with pytest.raises(Refused):
        attendance.add_present(
            meeting=meeting, name="X", party_name="", is_decision_maker=False, by=forum.singer, now=NOW
        )


def test_page_says_how_many_actors_and_decision_makers_were_there(forum, meeting, cast):
    rows = meeting.attendances.exclude(party_name="")
    attendance.note_presence(
        meeting=meeting, present=set(rows.values_list("pk", flat=True)), was=set(), by=forum.convener, now=NOW
    )
    page = " ".join(cast.client("steward").get(reverse("meetings:people", args=[meeting.pk])).content.decode().split())
    assert "3 people were there." in page
    assert "They speak for 2 actors; 1 of these with somebody who can decide." in page


def test_addresses_of_people_without_an_account_are_forgotten(forum, meeting):
    meeting.attendances.create(name="Bo", email="bo@example.org", invited_at=NOW)
    assert attendance.forget_addresses(now=NOW, before=meeting.ends_at) == 0
    assert attendance.forget_addresses(now=NOW, before=meeting.ends_at.replace(year=2027)) == 1
