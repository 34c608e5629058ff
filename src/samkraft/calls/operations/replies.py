"""What those who are offered a place, or wait for one, answer; and what happens when they do not."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from samkraft.records.refusals import Refused

from ..models import DRAWN_STATES, Application, CallState, Decision, Outcome, Reply
from ..queries.decisions_letters import moment
from . import decisions_telling as telling
from .replacements import fill, locked_call

REMIND_BEFORE = timedelta(days=3)


def _locked(decision: Decision) -> Decision:
    """The decision as it is now, with its call locked. Raises Refused when nothing can be answered any more."""
    call = locked_call(decision.call_id)
    if call.state != CallState.ANNOUNCED:
        raise Refused(_("The call is over, so your answer cannot be changed here. Write to the organiser."))
    current = Decision.objects.select_related("application__user").get(pk=decision.pk)
    current.call = call
    if current.application.erased_at is not None:
        raise Refused(_("This application is erased."))
    return current


def _answered(decision: Decision, reply: str, now: datetime) -> None:
    decision.reply = reply
    decision.replied_at = now
    decision.save(update_fields=["reply", "replied_at"])


@transaction.atomic
def accept(*, decision: Decision, now: datetime) -> Decision:
    """Take the place that was offered. Doing it again changes nothing. Raises Refused."""
    current = _locked(decision)
    if current.outcome != Outcome.PLACE:
        raise Refused(_("You have not been offered a place, so there is nothing to accept yet."))
    if current.reply == Reply.ACCEPTED:
        return current
    if current.reply == Reply.DECLINED:
        raise Refused(_("You have given the place back, and it is offered to somebody else. Write to the organiser."))
    if current.reply == Reply.EXPIRED or (current.answer_by is not None and now > current.answer_by):
        words = {"time": moment(current.answer_by, current.call.time_zone)}
        raise Refused(
            _("The last time to answer was %(time)s, so the place goes to somebody else. Write to the organiser.")
            % words
        )
    _answered(current, Reply.ACCEPTED, now)
    telling.tell_accepted(decision=current, now=now)
    return current


@transaction.atomic
def decline(*, decision: Decision, now: datetime) -> Decision:
    """Give a place back, accepted or not, or leave the waiting list. Doing it again changes nothing. Raises Refused.

    A place that becomes free goes to the next in the same transaction.
    """
    current = _locked(decision)
    if current.outcome == Outcome.NO:
        raise Refused(_("You have not been offered a place, so there is nothing to give back."))
    if current.reply in {Reply.DECLINED, Reply.EXPIRED}:
        return current
    _answered(current, Reply.DECLINED, now)
    if current.outcome == Outcome.WAITLIST:
        telling.tell_left_list(decision=current, now=now)
        return current
    telling.tell_declined(decision=current, now=now)
    fill(call=current.call, now=now)
    return current


@transaction.atomic
def leave_by_erasure(*, application: Application, now: datetime) -> None:
    """Free the place, or the place on the waiting list, of somebody whose data are being erased. They are not told.

    To be called in the transaction that erases, at whichever end of it. Before the draw there is nothing to free.
    """
    decision = Decision.objects.filter(application=application).first()
    if decision is None:
        return
    call = locked_call(decision.call_id)
    current = Decision.objects.get(pk=decision.pk)
    if current.outcome == Outcome.NO or current.reply in {Reply.DECLINED, Reply.EXPIRED}:
        return
    _answered(current, Reply.DECLINED, now)
    if current.outcome == Outcome.PLACE and call.state in DRAWN_STATES and call.state != CallState.ARCHIVED:
        fill(call=call, now=now)


def expire(*, now: datetime) -> int:
    """Take back the places that nobody answered in time, and give them on. Returns how many."""
    due = Decision.objects.filter(call__state=CallState.ANNOUNCED).unanswered_at(now)
    return sum(_expire(pk, now) for pk in sorted(set(due.values_list("call", flat=True))))


@transaction.atomic
def _expire(call_pk: int, now: datetime) -> int:
    """Take back the places of one call together, so that what becomes free is given on in one go."""
    call = locked_call(call_pk)
    if call.state != CallState.ANNOUNCED:
        return 0
    late = list(Decision.objects.filter(call=call).unanswered_at(now).select_related("application__user"))
    for decision in late:
        decision.call = call
        _answered(decision, Reply.EXPIRED, now)
        telling.tell_expired(decision=decision, now=now)
    if late:
        fill(call=call, now=now)
    return len(late)


def remind(*, now: datetime) -> int:
    """Remind those who have not answered, three days before the last day, once. Returns how many."""
    due = Decision.objects.filter(
        outcome=Outcome.PLACE,
        reply=Reply.NONE,
        answer_by__gt=now,
        answer_by__lte=now + REMIND_BEFORE,
        reminded_at=None,
        offered_at__lte=now - timedelta(days=1),
        call__state=CallState.ANNOUNCED,
        application__erased_at=None,
    )
    return sum(_remind(pk, now) for pk in due.order_by("answer_by", "pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    unanswered = Decision.objects.filter(pk=pk, reply=Reply.NONE, reminded_at=None)
    if not unanswered.update(reminded_at=now):
        return False
    decision = Decision.objects.select_related("application__user", "call").get(pk=pk)
    telling.remind(decision=decision, now=now)
    return True
