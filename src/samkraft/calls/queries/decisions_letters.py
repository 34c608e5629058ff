"""What stands in a letter: the organiser's own wording or ours, and what is filled in for each reader."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from ..models import Application, ApplicationState, Call, Letter, Merit, Outcome
from ..rules.letters import PLACEHOLDERS, filled
from .calls import organiser_of

SUBJECTS = {
    Outcome.PLACE: gettext_lazy("You are offered a place: {call}"),
    Outcome.WAITLIST: gettext_lazy("You are on the waiting list: {call}"),
    Outcome.NO: gettext_lazy("Not this time: {call}"),
}
LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Wording:
    """A letter before it is filled in; `is_own` tells whether the organiser wrote it."""

    subject: str
    text: str
    is_own: bool = False

    def filled(self, values: dict[str, str]) -> "Wording":
        return Wording(filled(self.subject, values), filled(self.text, values), self.is_own)


def our_wording(outcome: str, language: str) -> Wording:
    """Our own letter in a language, with its words in braces."""
    braces = {name: f"{{{name}}}" for name in PLACEHOLDERS[Outcome(outcome)]}
    with override(language):
        text = render_to_string(f"calls/mail/decision_{Outcome(outcome).value}.txt", braces).strip()
        return Wording(str(SUBJECTS[Outcome(outcome)]), text)


def wordings(call: Call) -> dict[tuple[str, str], Wording]:
    """Every letter of the call by outcome and language: the organiser's where there is one, else ours. One query."""
    own = {
        (letter.outcome, letter.language): Wording(letter.subject, letter.text, True)
        for letter in Letter.objects.filter(call=call)
    }
    return {
        (outcome, language): own.get((outcome, language)) or our_wording(outcome, language)
        for outcome in Outcome.values
        for language in LANGUAGES
    }


def moment(at: datetime | None, zone: str) -> str:
    """A day and time by the call's clock, as the active language writes them."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    words = {"day": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i")}
    return _("%(day)s at %(time)s") % words


def reason_of(application: Application, *, took_part: bool) -> str:
    """Why there is no place for somebody, in the active language: the draw, or that it was not reached."""
    if application.state == ApplicationState.EXCLUDED:
        return _("The organiser has not taken up your application.")
    if took_part or application.call.merit != Merit.THRESHOLD:
        return _("There were more who applied than there are places.")
    return _("Your application did not get as many points from the reviewers as it takes to be in the draw.")


def why_outside(call: Call, application: Application) -> str:
    """Why an application was not in the draw, for those who run the call."""
    if application.state == ApplicationState.EXCLUDED:
        return _("Not taken up")
    return _("Too few points") if call.merit == Merit.THRESHOLD else ""


def values_for(
    call: Call, application: Application, *, answer_by: datetime | None, position: int | None, took_part: bool = True
) -> dict[str, str]:
    """What is filled in for one applicant, in the active language. `took_part`: whether they were in the draw."""
    return {
        "name": application.name or _("applicant"),
        "call": call.title,
        "organiser": organiser_of(call),
        "answer_by": moment(answer_by, call.time_zone),
        "position": str(position or ""),
        "reason": reason_of(application, took_part=took_part),
    }
