"""The minutes of a meeting as an accessible PDF."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from samkraft.ui.rich_text import clean

from . import queries, rules
from .models import Meeting, MeetingDecision
from .rich_blocks import blocks_of
from .telling import country_of
from .typesetting import pdf


def presence_text(count: rules.Presence) -> str:
    """How many were there, in words."""
    people = ngettext("%(count)d person was there.", "%(count)d people were there.", count.people)
    parts = [people % {"count": count.people}]
    if count.parties:
        text = ngettext(
            "They came for %(count)d actor; %(deciding)d of these with somebody who can decide.",
            "They came for %(count)d actors; %(deciding)d of these with somebody who can decide.",
            count.parties,
        )
        parts.append(text % {"count": count.parties, "deciding": count.deciding_parties})
    return " ".join(parts)


def _when(meeting: Meeting) -> str:
    zone = rules.zone_of(country_of(meeting))
    starts, ends = timezone.localtime(meeting.starts_at, zone), timezone.localtime(meeting.ends_at, zone)
    return f"{date_format(starts, 'l')} {date_format(starts, 'DATE_FORMAT')}, {starts:%H:%M}–{ends:%H:%M}"


def _decision(decision: MeetingDecision) -> dict[str, str]:
    person = decision.responsible
    return {
        "text": decision.text,
        "who": (person.name if person is not None else "") or decision.responsible_name,
        "due": date_format(decision.due_on, "DATE_FORMAT") if decision.due_on else "",
    }


def _approval(meeting: Meeting) -> str:
    if meeting.minutes_approved_at is None:
        return _("These minutes are a draft: they are not approved yet.")
    zone = rules.zone_of(country_of(meeting))
    day = date_format(timezone.localtime(meeting.minutes_approved_at, zone), "DATE_FORMAT")
    by = meeting.minutes_approved_by.name if meeting.minutes_approved_by else ""
    return _("Approved on %(day)s by %(name)s.") % {"day": day, "name": by} if by else _("Approved on %s.") % day


def _facts(meeting: Meeting) -> list[dict[str, str]]:
    facts = [(_("Held by"), str(meeting.host)), (_("Time"), _when(meeting)), (_("Place"), meeting.place)]
    if meeting.video_url and not meeting.place:
        facts.append((_("Place"), _("On line")))
    return [{"name": name, "value": value} for name, value in facts if value]


def minutes_pdf(meeting: Meeting) -> bytes:
    """The minutes in the reader's language, as they stand now."""
    present = [row for row in queries.attendance_of(meeting) if row.was_present]
    decisions = queries.decisions_of(meeting)
    points = queries.agenda_of(meeting).points
    shown = {point.item.pk for point in points}
    data: dict[str, Any] = {
        "title": _("Minutes: %(meeting)s") % {"meeting": meeting.title},
        "host": str(meeting.host),
        "language": get_language() or "sv",
        "facts": _facts(meeting),
        "presence": presence_text(rules.presence(present)),
        "present": [
            [row.party_name or "–", row.shown_name, _("yes") if row.is_decision_maker else _("no")] for row in present
        ],
        "whole": blocks_of(clean(meeting.minutes)),
        "items": [
            {
                "title": f"{number}. {point.item.title}",
                "background": point.item.text,
                "notes": blocks_of(clean(point.item.notes)),
                "decisions": [_decision(row) for row in decisions if row.item_id == point.item.pk],
            }
            for number, point in enumerate(points, start=1)
        ],
        "decisions": [_decision(row) for row in decisions if row.item_id not in shown],
        "approval": _approval(meeting),
        "words": {
            "present": _("Who was there"),
            "columns": [_("For"), _("Name"), _("Can decide")],
            "whole": _("The meeting as a whole"),
            "decision": _("Decision"),
            "decisions": _("Decisions"),
            "responsible": _("Responsible"),
            "due": _("To be done by"),
        },
    }
    return pdf("minutes", data)
