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
from ..rules.windows import moment_in_words
from . import applications as queries


@dataclass(frozen=True)
class Step:
    """One step of the way. `state` is done, now or empty."""

    title: str
    state: str


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
    return Standing(
        now=_now(application, window),
        then=_then(application, window),
        steps=_steps(call, was_drawn) if state == ApplicationState.SUBMITTED and window != Window.CANCELLED else [],
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
        return _while_open(application) % words
    if application.state == ApplicationState.SUBMITTED and window == Window.OVER:
        return _after_deadline(call)
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


def _after_deadline(call: Call) -> str:
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
    if call.announce_on is None:
        return " ".join((str(sentence), _("You hear from us when it is decided.")))
    by = _("You hear from us by %(day)s at the latest.") % {"day": date_format(call.announce_on, "DATE_FORMAT")}
    return f"{sentence} {by}"


def _steps(call: Call, was_drawn: bool) -> list[Step]:
    """The way of what was sent in. Where scores do not count, nobody need read it before the draw."""
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
    return [
        Step(title, "now" if place == reached else "done" if place < reached else "")
        for place, title in enumerate(titles)
    ]
