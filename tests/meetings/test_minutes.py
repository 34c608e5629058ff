"""Minutes are written by several without loss, approved once, told to all, and read as an accessible PDF."""

import shutil
import subprocess
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from samkraft.meetings import links, minutes_pdf, queries, rich_blocks, typesetting
from samkraft.meetings.models import Attendance, Meeting, MeetingDecision, MeetingFile
from samkraft.meetings.operations import minutes
from samkraft.notices.models import OutboxMessage
from samkraft.records import files
from samkraft.records.refusals import Refused
from tests import factories_meetings
from tests.factories import NOW

HOSTILE = '#import "x" #read("/etc/passwd") \\ "quoted" *a* $b$ <c> @d // e'


@pytest.fixture
def forum(db):
    return factories_meetings.forum()


@pytest.fixture
def meeting(forum):
    made = factories_meetings.held(forum)
    OutboxMessage.objects.all().delete()
    made.refresh_from_db()
    return made


def write(meeting, by, html="<p>We met.</p>", version=0):
    minutes.write_minutes(meeting=meeting, html=html, version=version, by=by, now=NOW)


def decide(meeting, by, **fields):
    given = {"item": None, "text": "We advertise.", "responsible": None, "responsible_name": "Eva", "due_on": None}
    return minutes.add_decision(meeting=meeting, by=by, now=NOW, **{**given, **fields})


def text_of(pdf):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_second_who_writes_sees_the_others_text_and_loses_nothing(forum, meeting):
    write(meeting, forum.convener, "<p>Mine.</p>")
    with pytest.raises(minutes.ChangedMeanwhile) as told:
        write(meeting, forum.convener, "<p>Yours.</p>")
    assert (told.value.theirs, told.value.version) == ("<p>Mine.</p>", 1)
    write(meeting, forum.convener, "<p>Mine.</p><p>Yours.</p>", version=1)
    meeting.refresh_from_db()
    assert meeting.minutes == "<p>Mine.</p><p>Yours.</p>"


def test_page_keeps_both_texts_when_two_write_at_once(forum, meeting, cast):
    url = reverse("meetings:write", args=[meeting.pk])
    write(meeting, forum.convener, "<p>Theirs stands there.</p>")
    client = cast.client("steward")
    page = client.post(url, {"text": "My own words.", "version": "0"}).content.decode()
    assert ["Theirs stands there." in page, "My own words." in page] == [True, True]
    assert 'name="version" value="1"' in page
    assert client.post(url, {"text": "Both.", "version": "1"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.minutes == "<p>Both.</p>"


def test_notes_of_a_point_are_guarded_alike(forum, meeting, cast):
    item = factories_meetings.item(meeting)
    minutes.write_notes(item=item, html="<p>A</p>", version=0, by=forum.convener, now=NOW)
    page = cast.client("steward").post(reverse("meetings:notes", args=[item.pk]), {"text": "B", "version": "0"})
    assert "<p>A</p>" in page.content.decode()
    item.refresh_from_db()
    assert (item.notes, item.notes_version) == ("<p>A</p>", 1)


def test_only_organisers_write_and_decide(forum, meeting):
    item = factories_meetings.item(meeting)
    for what in (
        lambda: write(meeting, forum.decider),
        lambda: minutes.write_notes(item=item, html="<p>A</p>", version=0, by=forum.decider, now=NOW),
        lambda: decide(meeting, forum.decider),
        lambda: minutes.approve_minutes(meeting=meeting, version=0, by=forum.decider, now=NOW),
    ):
        with pytest.raises(Refused):
            what()


def test_scripts_in_minutes_are_gone_when_they_are_kept(forum, meeting, cast):
    url = reverse("meetings:write", args=[meeting.pk])
    data = {"text": "<p>Hi<script>alert(1)</script></p>", "text_format": "html", "version": "0"}
    cast.client("steward").post(url, data)
    meeting.refresh_from_db()
    assert meeting.minutes == "<p>Hi</p>"


def test_approved_minutes_are_told_to_all_invited_and_change_no_more(forum, meeting):
    Attendance.objects.create(meeting=meeting, name="Bo", email="bo@example.org", invited_at=NOW)
    decide(meeting, forum.convener, responsible=forum.singer, due_on=date(2026, 4, 1))
    minutes.approve_minutes(meeting=meeting, version=1, by=forum.convener, now=NOW)
    mails = OutboxMessage.objects.filter(kind="meetings.minutes")
    assert (mails.count(), "We advertise." in mails[0].text) == (5, True)
    for what in (lambda: write(meeting, forum.convener, version=1), lambda: decide(meeting, forum.convener)):
        with pytest.raises(Refused):
            what()


def test_nobody_approves_what_they_have_not_read(forum, meeting):
    write(meeting, forum.convener)
    with pytest.raises(Refused):
        minutes.approve_minutes(meeting=meeting, version=0, by=forum.convener, now=NOW)


def test_minutes_are_approved_after_the_meeting(forum):
    called = factories_meetings.called(forum)
    with pytest.raises(Refused):
        minutes.approve_minutes(meeting=called, version=0, by=forum.convener, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told(at_once):
    forum = factories_meetings.forum()
    meeting = factories_meetings.held(forum)

    def approve(place):
        minutes.approve_minutes(meeting=Meeting.objects.get(pk=meeting.pk), version=0, by=forum.convener, now=NOW)

    results = at_once(approve, 3)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True, True]
    assert OutboxMessage.objects.filter(kind="meetings.minutes").count() == 4


def test_decision_waits_for_who_sees_to_it_until_done(forum, meeting):
    mine = decide(meeting, forum.convener, responsible=forum.singer, due_on=date(2026, 3, 1))
    assert list(queries.decisions_due(forum.singer)) == [mine]
    assert queries.late_decisions([mine], NOW) == {mine.pk}
    with pytest.raises(Refused):
        minutes.finish_decision(decision=mine, done=True, by=forum.editor, now=NOW)
    minutes.finish_decision(decision=mine, done=True, by=forum.singer, now=NOW)
    with pytest.raises(Refused):
        minutes.finish_decision(decision=mine, done=True, by=forum.convener, now=NOW)
    assert list(queries.decisions_due(forum.singer)) == []
    minutes.finish_decision(decision=mine, done=False, by=forum.convener, now=NOW)
    assert list(queries.decisions_due(forum.singer)) == [mine]


def test_decision_is_written_on_a_page_for_somebody_on_the_list(forum, meeting, cast):
    url = reverse("meetings:add_decision", args=[meeting.pk])
    client = cast.client("steward")
    assert "Say who sees to it" in client.post(url, {"text": "We sing."}).content.decode()
    assert client.post(url, {"text": "We sing.", "who": forum.singer.pk, "due_on": "2026-04-01"}).status_code == 302
    assert client.post(url, {"text": "X", "who": forum.outsider.pk}).status_code == 200
    decision = MeetingDecision.objects.get()
    assert (decision.responsible, decision.due_on) == (forum.singer, date(2026, 4, 1))


def test_file_is_read_by_those_who_may_attend_and_goes_away(forum, meeting, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    upload = SimpleUploadedFile("plan.txt", b"What we do in autumn.\n", "text/plain")
    kept = minutes.add_file(meeting=meeting, upload=upload, title="", by=forum.convener, now=NOW)
    assert [files.may_read(person, kept.file) for person in (forum.singer, forum.convener, forum.outsider)] == [
        True,
        True,
        False,
    ]
    with pytest.raises(Refused):
        minutes.take_file_away(kept=kept, by=forum.singer, now=NOW)
    minutes.take_file_away(kept=kept, by=forum.convener, now=NOW)
    assert MeetingFile.objects.count() == 0


def test_pdf_has_the_minutes_in_words_and_order(forum, meeting):
    item = factories_meetings.item(meeting, title="Campaign")
    Attendance.objects.filter(user=forum.decider).update(was_present=True)
    minutes.write_notes(
        item=item, html="<p>Much was said.</p><ul><li>one</li></ul>", version=0, by=forum.convener, now=NOW
    )
    decide(meeting, forum.convener, item=item, responsible=forum.singer, due_on=date(2026, 4, 1))
    text = text_of(minutes_pdf.minutes_pdf(Meeting.objects.get(pk=meeting.pk)))
    parts = ["Minutes:", "Mariestad pulls together", "10:30–12:30", "1 person was there.", "Eva Decider", "1. Campaign"]
    parts += ["Much was said.", "We advertise.", forum.singer.name, "not approved yet"]
    places = [text.find(part) for part in parts]
    assert (min(places) >= 0, places) == (True, sorted(places))


def test_hostile_text_comes_out_as_text(forum, meeting):
    item = factories_meetings.item(meeting, title=HOSTILE, text=HOSTILE)
    html = "<p>#import &quot;x&quot; #read(&quot;/etc/passwd&quot;) \\n</p>"
    minutes.write_notes(item=item, html=html, version=0, by=forum.convener, now=NOW)
    decide(meeting, forum.convener, text=HOSTILE, responsible_name=HOSTILE[:80])
    Meeting.objects.filter(pk=meeting.pk).update(title=HOSTILE, place=HOSTILE)
    Attendance.objects.filter(user=None).update(was_present=True)
    Attendance.objects.create(meeting=meeting, name='#eval("1")', party_name="#x", was_present=True)
    pdf = minutes_pdf.minutes_pdf(Meeting.objects.get(pk=meeting.pk))
    text = text_of(pdf)
    assert pdf.startswith(b"%PDF-")
    assert text.count('#read("/etc/passwd")') >= 5
    assert ["root:" in text, '#eval("1")' in text, "$b$ <c> @d // e" in text] == [False, True, True]


@pytest.mark.parametrize(
    "title", ["😀 hello", "会議", "a\x07b\u202ec\ufeff", "\ue000x", "ע🏽‍♀️", "".join(map(chr, range(0x4E00, 0x4E60)))]
)
def test_signs_without_a_glyph_do_not_stop_the_pdf(title):
    data = {"title": title, "host": "H", "language": "sv", "facts": [], "present": [], "whole": [], "items": []}
    data |= {"decisions": [], "approval": "", "words": {"whole": "", "present": "", "decisions": ""}}
    assert typesetting.pdf("minutes", data).startswith(b"%PDF-")


def test_emoji_is_told_by_its_name(forum, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(title="Party 😀")
    text = text_of(minutes_pdf.minutes_pdf(Meeting.objects.get(pk=meeting.pk)))
    assert "Party [grinning face]" in text


def test_pdf_without_title_is_an_error():
    with pytest.raises(typesetting.NoTitle):
        typesetting.pdf("minutes", {"title": " ", "language": "sv"})


def test_pdf_says_that_it_is_accessible_and_in_which_language(forum, meeting):
    pdf = minutes_pdf.minutes_pdf(meeting)
    assert [mark in pdf for mark in (b"/MarkInfo", b"/Lang", b"pdfuaid")] == [True, True, True]


def test_html_becomes_blocks_without_markup():
    html = "<p>a <strong>b <em>c</em></strong><br>d</p><ul><li><p>e</p><ol><li>f</li></ol></li></ul><p></p>g"
    blocks = rich_blocks.blocks_of(html)
    assert [block["kind"] for block in blocks] == ["paragraph", "bullets", "paragraph"]
    runs = [(run["text"], run["strong"], run["emphasis"], run["newline"]) for run in blocks[0]["runs"]]
    assert runs == [
        ("a ", False, False, False),
        ("b ", True, False, False),
        ("c", True, True, False),
        ("", False, False, True),
        ("d", False, False, False),
    ]
    assert [block["kind"] for block in blocks[1]["items"][0]] == ["paragraph", "numbers"]
    assert rich_blocks.blocks_of("<p> </p><ul><li></li></ul>") == []


def test_link_of_an_invitation_reads_minutes_only_when_approved(forum, meeting, client):
    row = Attendance.objects.create(meeting=meeting, name="Bo", email="bo@example.org", invited_at=NOW)
    url = reverse("meetings:answer_minutes", args=[links.token_of(row)])
    assert client.get(url).status_code == 404
    minutes.approve_minutes(meeting=meeting, version=0, by=forum.convener, now=NOW)
    response = client.get(url)
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
