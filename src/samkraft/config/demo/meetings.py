"""The umbrella meetings of the demo network: one that was held, with decisions, and one that is called."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from samkraft.meetings.models import Attendance, Meeting
from samkraft.meetings.operations import agenda, attendance, invitations, minutes, planning
from samkraft.networks.models import Network

from .cast import Cast

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def load(*, network: Network, cast: Cast, now: datetime) -> None:
    """A meeting six weeks ago that planned an advertisement campaign, and one in two weeks."""
    held = _planned(network, cast, now - timedelta(days=42), "Paraplymöte i höstas", now - timedelta(days=60))
    planning.call(meeting=held, by=cast.convener, now=now - timedelta(days=58))
    point = agenda.propose(
        meeting=held, title="Gemensam annonskampanj", text="Ska vi köpa ett uppslag i tidningen tillsammans?",
        minutes_long=30, by=cast.convener, now=now - timedelta(days=57),
    )  # fmt: skip
    proposal = agenda.propose(
        meeting=held, title="Samåkning till industriområdet", text="Flera av oss har anställda som åker samma väg.",
        minutes_long=20, by=cast.contact, now=now - timedelta(days=50),
    )  # fmt: skip
    agenda.settle(item=proposal, accept=True, by=cast.convener, now=now - timedelta(days=49))
    for person in (cast.convener, cast.editor, cast.contact):
        rows = list(Attendance.objects.filter(meeting=held, user=person).select_related("user"))
        decides = [row.pk for row in rows if person != cast.editor]
        invitations.answer(
            meeting=held, rows=rows, answer="yes", decides_for=decides, now=now - timedelta(days=48),
        )  # fmt: skip
    after = held.ends_at + timedelta(hours=1)
    present = list(Attendance.objects.filter(meeting=held, user__isnull=False).values_list("pk", flat=True))
    attendance.note_presence(meeting=held, present=present, was=[], by=cast.convener, now=after)
    planning.hold(meeting=held, by=cast.convener, now=after)
    _minutes(held, point, cast, after)
    coming = _planned(network, cast, now + timedelta(days=14), "Paraplymöte om vårens kampanj", now - timedelta(days=6))
    planning.call(meeting=coming, by=cast.convener, now=now - timedelta(days=5))
    for title, long in (("Hur gick annonskampanjen?", 20), ("Vem bjuder vi in härnäst?", 25)):
        agenda.propose(meeting=coming, title=title, text="", minutes_long=long, by=cast.convener, now=now)


def _planned(network: Network, cast: Cast, day: datetime, title: str, now: datetime) -> Meeting:
    date = day.astimezone(STOCKHOLM).date()
    tuesday = date + timedelta(days=(1 - date.weekday()) % 7)
    begins = datetime.combine(tuesday, time(15, 0), STOCKHOLM)
    return planning.plan(
        host=network,
        title=title,
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        place="Biblioteket i Mariestad, stora salen",
        video_url="https://example.org/mote",
        description="Vi ses, äter något gott och bestämmer vad vi gör tillsammans.",
        by=cast.convener,
        now=now,
    )


def _minutes(held: Meeting, point: object, cast: Cast, now: datetime) -> None:
    minutes.write_minutes(
        meeting=held,
        html="<p>Vi var överens om att synas mer. Alla aktörer bidrar med ett eget exempel till annonsen.</p>",
        version=held.minutes_version,
        by=cast.convener,
        now=now,
    )
    minutes.add_decision(
        meeting=held, item=point, text="Vi köper ett uppslag i tidningen i mars och delar på kostnaden.",
        responsible=cast.convener, responsible_name=cast.convener.name,
        due_on=(now + timedelta(days=75)).date(), by=cast.convener, now=now,
    )  # fmt: skip
    held.refresh_from_db()
    minutes.approve_minutes(meeting=held, version=held.minutes_version, by=cast.convener, now=now + timedelta(days=2))
