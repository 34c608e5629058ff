"""A call's way as its organisers steer it: published, taken back, prolonged, closed, cancelled, laid aside.

The time to apply is never shortened while somebody has an unfinished application: they count on the deadline.
A longer time, also when the call has closed already, is told to all who have begun; so is the end of a call.
"""

from datetime import datetime

import rules
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import CALL, Application, Call, CallChange, CallPart, CallState
from ..queries import calls as queries
from ..queries.checklist import missing
from .applications import path_of
from .applications_mails import reader_of
from .editing import held

WORK = "calls.work"


def _organised(call: Call, by: User) -> Call:
    """The call as it is now, held, for who runs it."""
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(_("Only those who run the call can do this."))
    return held(call)


@transaction.atomic
def publish(*, call: Call, by: User, now: datetime) -> Call:
    """Show the call to everybody; it takes applications from the moment at which it opens. Raises Refused."""
    fresh = _organised(call, by)
    if fresh.state != CallState.DRAFT:
        raise Refused(_("The call is published already."))
    lacks = missing(fresh, now)
    if lacks:
        raise Refused(_("The call cannot be published yet: %(what)s") % {"what": lacks[0]})
    fresh.published_at = now
    fresh.changed_at = now
    fresh.save(update_fields=["published_at", "changed_at"])
    return _moved(fresh, CallState.OPEN, by, now)


@transaction.atomic
def take_back(*, call: Call, by: User, now: datetime) -> Call:
    """Make a published call a draft again, as long as nobody has begun an application. Raises Refused."""
    fresh = _organised(call, by)
    if Application.objects.in_call(fresh).real().exists():
        raise Refused(_("Somebody has begun an application, so the call stays published. You can cancel it instead."))
    tags = queries.tags_of(fresh)
    log_transition(subject=fresh, machine=CALL, to=CallState.DRAFT, by=by, now=now)
    changed(*tags)
    return fresh


@transaction.atomic
def prolong(*, call: Call, closes_at: datetime, why: str, by: User, now: datetime) -> Call:
    """Give more time to apply; a call that has closed opens again. Those who have begun are told. Raises Refused."""
    fresh = _organised(call, by)
    if fresh.state not in {CallState.OPEN, CallState.CLOSED}:
        raise Refused(_("Applications are being judged already, so there can be no more of them."))
    _check_reason(why)
    if closes_at <= now:
        raise Refused(_("Choose a time that is not over yet."))
    if fresh.closes_at is not None and closes_at == fresh.closes_at:
        raise Refused(_("That is when the call closes already."))
    if fresh.closes_at is not None and closes_at < fresh.closes_at:
        _check_nobody_waits(fresh)
    if fresh.opens_at is not None and closes_at <= fresh.opens_at:
        raise Refused(_("The call has to close after it opens."))
    fresh.closes_at = closes_at
    fresh.changed_at = now
    fresh.save(update_fields=["closes_at", "changed_at"])
    CallChange.objects.create(call=fresh, part=CallPart.WHEN, why=why.strip(), by=by, at=now)
    if fresh.state == CallState.CLOSED:
        log_transition(subject=fresh, machine=CALL, to=CallState.OPEN, by=by, now=now, why=why.strip())
    changed(*queries.tags_of(fresh))
    _tell_applicants(
        queries.unfinished(fresh),
        gettext_lazy("There is another deadline: {call}"),
        "calls/mail/call_prolonged.txt",
        {"call": fresh, "why": why.strip()},
        f"prolonged {int(closes_at.timestamp())}",
        now,
    )
    return fresh


@transaction.atomic
def close_now(*, call: Call, why: str, by: User, now: datetime) -> Call:
    """End the time to apply before its deadline. Raises Refused while somebody has an unfinished application."""
    fresh = _organised(call, by)
    _check_reason(why)
    if fresh.state != CallState.OPEN:
        raise Refused(_("The call is not open."))
    if fresh.opens_at is None or fresh.opens_at >= now:
        raise Refused(_("The call has not opened yet. Make it a draft again, or cancel it."))
    _check_nobody_waits(fresh)
    fresh.closes_at = now
    fresh.changed_at = now
    fresh.save(update_fields=["closes_at", "changed_at"])
    CallChange.objects.create(call=fresh, part=CallPart.WHEN, why=why.strip(), by=by, at=now)
    return _moved(fresh, CallState.CLOSED, by, now, why.strip())


def _check_nobody_waits(call: Call) -> None:
    number = queries.unfinished(call).count()
    if number:
        raise Refused(
            _("Applications have been begun and are not sent in yet (%(number)d). Whoever writes them counts on the "
              "deadline, so it cannot be earlier.") % {"number": number}
        )  # fmt: skip


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refused(_("Say why. Everybody can read the reason."))


def close_due(*, now: datetime) -> int:
    """Close the calls whose deadline is over, by the clock, and tell their organisers. Returns how many."""
    due = Call.objects.past_deadline(now).values_list("pk", flat=True)
    return sum(_close_one(pk, now) for pk in list(due))


@transaction.atomic
def _close_one(pk: int, now: datetime) -> bool:
    rows = Call.objects.select_for_update(of=("self",)).select_related("area", "actor")
    call = rows.past_deadline(now).filter(pk=pk).first()
    if call is None:
        return False
    log_transition(subject=call, machine=CALL, to=CallState.CLOSED, by=None, now=now)
    changed(*queries.tags_of(call))
    closes_at = call.closes_at or now
    sent = Application.objects.in_call(call).real().submitted().count()
    for organiser in queries.organisers_of(call):
        tell(
            to=organiser,
            kind=WORK,
            subject=format_lazy(gettext_lazy("The call has closed: {call}"), call=call.title),
            text=from_template("calls/mail/call_closed.txt", {"call": call, "sent": sent}),
            url=reverse_lazy("calls:organise", args=[call.slug]),
            now=now,
            dedupe_key=f"call closed {call.pk} {int(closes_at.timestamp())} {organiser.pk}",
        )
    return True


@transaction.atomic
def cancel(*, call: Call, why: str, by: User, now: datetime) -> Call:
    """End a call without choosing anybody. Its page says so and why; all who applied are told. Raises Refused."""
    fresh = _organised(call, by)
    _check_reason(why)
    if fresh.state == CallState.DRAFT:
        raise Refused(_("The call is not published, so there is nothing to cancel."))
    moved = _moved(fresh, CallState.CANCELLED, by, now, why.strip())
    _tell_applicants(
        queries.standing_applications(fresh),
        gettext_lazy("The call is cancelled: {call}"),
        "calls/mail/call_cancelled.txt",
        {"call": fresh, "why": why.strip()},
        "cancelled",
        now,
    )
    return moved


@transaction.atomic
def archive(*, call: Call, by: User, now: datetime) -> Call:
    """Lay an announced call aside. Its page and its report stay."""
    return _moved(_organised(call, by), CallState.ARCHIVED, by, now)


def _moved(call: Call, to: str, by: User, now: datetime, why: str = "") -> Call:
    log_transition(subject=call, machine=CALL, to=to, by=by, now=now, why=why)
    changed(*queries.tags_of(call))
    return call


def _tell_applicants(
    applications: QuerySet[Application],
    subject: str | Promise,
    template: str,
    context: dict[str, object],
    key: str,
    now: datetime,
) -> None:
    """One mail for each application, in its holder's language. Who never used the link of theirs is not told."""
    rows = applications.filter(erased_at=None, confirmed_at__isnull=False)
    for application in rows.select_related("user", "call"):
        tell(
            to=reader_of(application),
            kind="calls.receipt",
            language=application.language,
            subject=format_lazy(subject, call=application.call.title),
            text=from_template(template, context),
            url=path_of(application),
            now=now,
            dedupe_key=f"application {key} {application.pk}",
        )
