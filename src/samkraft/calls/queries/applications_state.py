"""Where an application stands, in words, from the first draft to the decision."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..models import (
    DRAWN_STATES,
    TOLD_STATES,
    Application,
    ApplicationState,
    Call,
    CallState,
    Merit,
)
from ..rules.applying import KEPT, Window
from ..rules.windows import day_in_words, moment_in_words
from . import applications as queries


@dataclass(frozen=True)
class Step:
    """One step of the way. `state` is done, now or empty; `when` is a day in words, or empty."""

    title: str
    state: str
    when: str = ""


@dataclass(frozen=True)
class Standing:
    """Where it stands: what is so, what comes next, the steps of the way, and what its holder can do."""

    now: str
    then: str
    steps: list[Step]
    can_write: bool
    can_withdraw: bool
    can_restore: bool
    is_over: bool


def standing_of(application: Application, at: datetime, *, was_drawn: bool = True) -> Standing:
    """Fetch the call with it. No query but for a call that has just closed.

    `was_drawn` is False once it can be told that the application was not in the draw.
    """
    call = application.call
    window = queries.window_of(call, at)
    is_open = window == Window.OPEN
    state = application.state
    is_on_its_way = state == ApplicationState.SUBMITTED and window != Window.CANCELLED
    return Standing(
        now=_now(application, window),
        then=_then(application, window),
        steps=_steps(application, was_drawn) if is_on_its_way else [],
        can_write=is_open and state != ApplicationState.EXCLUDED,
        can_withdraw=state == ApplicationState.SUBMITTED and call.state in _WITHDRAWABLE,
        can_restore=is_open and state == ApplicationState.WITHDRAWN,
        is_over=window == Window.OVER,
    )


_WITHDRAWABLE = (CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW)


def _moment(moment: datetime | None, call: Call) -> str:
    return moment_in_words(moment, call.time_zone) if moment else ""


def _now(application: Application, window: Window) -> str:
    call = application.call
    words = {"closes": _moment(call.closes_at, call), "sent": _moment(application.submitted_at, call)}
    if window == Window.CANCELLED:
        return _("The call is cancelled. Nothing more happens with your application.")
    if application.state == ApplicationState.DRAFT:
        return _of_draft(window) % words
    sentences = {
        ApplicationState.SUBMITTED: _("Your application was sent in on %(sent)s."),
        ApplicationState.WITHDRAWN: _("You have withdrawn your application. It takes no further part."),
        ApplicationState.EXCLUDED: _("The organiser has not taken up your application."),
    }
    return sentences[ApplicationState(application.state)] % words


def _of_draft(window: Window) -> str:
    if window == Window.NOT_YET:
        return _("Your application is begun. The call is not open at the moment.")
    if window == Window.OPEN:
        return _("Your application is begun, and it is not sent in yet.")
    return _("The call closed on %(closes)s. Your application was begun and not sent in, so it takes no part.")


def _then(application: Application, window: Window) -> str:
    call = application.call
    words = {"closes": _moment(call.closes_at, call)}
    if application.state == ApplicationState.EXCLUDED and window != Window.CANCELLED:
        return _("Write to the organiser if you wonder why.")
    if window == Window.OPEN:
        return " ".join(part for part in (_while_open(application) % words, _by(application)) if part)
    if application.state == ApplicationState.SUBMITTED and window == Window.OVER:
        return _after_deadline(application)
    if application.state in {ApplicationState.DRAFT, ApplicationState.WITHDRAWN} and window == Window.OVER:
        return _("What you have written can be read here until %(day)s, and is then erased.") % {
            "day": date_format(call.closes_at + KEPT, "DATE_FORMAT") if call.closes_at else ""
        }
    return ""


def _while_open(application: Application) -> str:
    match application.state:
        case ApplicationState.SUBMITTED:
            return _("You can change or withdraw it until %(closes)s.")
        case ApplicationState.WITHDRAWN:
            return _("Until %(closes)s you can put it back as it was, or change it and send it in anew.")
    return _("The call closes on %(closes)s.")


def _by(application: Application) -> str:
    """By when whoever has sent in hears."""
    day = application.call.announce_on
    if application.state != ApplicationState.SUBMITTED or day is None:
        return ""
    return _("You hear from us by %(day)s at the latest.") % {"day": date_format(day, "DATE_FORMAT")}


def _after_deadline(application: Application) -> str:
    call = application.call
    if call.state in TOLD_STATES:
        return _("The decision is made.")
    sentences = {
        CallState.OPEN: _("The call has closed. Next, the applications are looked through."),
        CallState.CLOSED: _("The call has closed. Next, the applications are looked through."),
        CallState.IN_REVIEW: _("The applications are being read now."),
        CallState.COMMITTED: _("Everything is ready for the draw."),
    }
    if call.state in DRAWN_STATES:
        sentence = _("The draw is made, and the decisions are being prepared.")
    else:
        sentence = sentences.get(CallState(call.state), "")
    return f"{sentence} {_by(application) or _('You hear from us when it is decided.')}"


def _steps(application: Application, was_drawn: bool) -> list[Step]:
    """The way of what was sent in. Where scores do not count, nobody need read it before the draw."""
    call = application.call
    is_read = call.merit != Merit.NONE or call.state == CallState.IN_REVIEW
    titles = [_("Sent in"), *([_("Read")] if is_read else [])]
    titles += [*([_("Draw")] if was_drawn else []), pgettext("of a call", "Decision")]
    reached = {
        CallState.IN_REVIEW: 1,
        CallState.COMMITTED: len(titles) - 2,
        CallState.DRAWN: len(titles) - 1,
        CallState.DECIDED: len(titles) - 1,
        CallState.ANNOUNCED: len(titles) - 1,
        CallState.ARCHIVED: len(titles) - 1,
    }.get(CallState(call.state), 0)
    days = {}
    if application.submitted_at is not None:
        days[0] = day_in_words(application.submitted_at, call.time_zone)
    if call.announce_on is not None and call.state not in TOLD_STATES:
        days[len(titles) - 1] = _("by %(day)s") % {"day": date_format(call.announce_on, "DATE_FORMAT")}
    return [
        Step(title, "now" if place == reached else "done" if place < reached else "", days.get(place, ""))
        for place, title in enumerate(titles)
    ]
