"""From the draw to the announcement: outcomes changed by hand with a reason, everything right, and told to all."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import CALL, Call, CallState, Decision, ManualChange, Outcome, Reply
from ..queries import decisions as queries
from ..queries.decisions_letters import wordings
from ..rules.decisions import answer_by
from . import decisions_telling as telling
from .replacements import locked_call


@transaction.atomic
def change_outcome(
    *, decision: Decision, to: str, why: str, instead: int | None = None, by: User, now: datetime
) -> ManualChange:
    """Stage another outcome than the draw's, with the reason that everybody reads in the report. Raises Refused.

    `instead`: the decision, by its id, of who waits and gets the place that is taken away. Who comes to the waiting
    list stands last, or where they stood. Undoing is another change.
    """
    call = locked_call(decision.call_id)
    if call.state == CallState.DECIDED:
        raise Refused(_("The decisions are said to be right. Open them again before you change one."))
    if call.state != CallState.DRAWN:
        raise Refused(_("Outcomes are changed only after the draw and before anybody is told."))
    if not why.strip():
        raise Refused(_("Write the reason. It stands in the public report."))
    current = Decision.objects.select_related("application").get(pk=decision.pk)
    if current.application.erased_at is not None or current.reply != Reply.NONE:
        raise Refused(_("This application is erased, so nothing can be decided about it."))
    if current.outcome == to:
        raise Refused(_("The outcome is that already. Somebody may have changed it just now."))
    change = ManualChange.objects.create(
        decision=current, from_outcome=current.outcome, to_outcome=Outcome(to), why=why.strip(), by=by, at=now
    )
    if current.offered_from_waitlist:
        # The place that this person had come into is free again.
        Decision.objects.filter(replaced_by=current).update(replaced_by=None)
        current.offered_from_waitlist = False
    current.outcome = Outcome(to)
    if to == Outcome.WAITLIST and current.position is None:
        last = Decision.objects.filter(call=call).aggregate(last=Max("position"))["last"]
        current.position = (last or 0) + 1
    current.save(update_fields=["outcome", "position", "offered_from_waitlist"])
    if instead is not None:
        other = Decision.objects.filter(call=call, pk=instead).waiting().first()
        if other is None or change.from_outcome != Outcome.PLACE:
            raise Refused(_("Whom you chose is not on the waiting list any more. Choose somebody else."))
        change_outcome(decision=other, to=Outcome.PLACE, why=why, by=by, now=now)
    return change


@transaction.atomic
def decide(*, call: Call, by: User, now: datetime) -> Call:
    """Say that everything is right, so that the decisions can be announced. Nobody is told yet. Raises Refused."""
    return _moved(call, CallState.DECIDED, by, now)


@transaction.atomic
def reopen(*, call: Call, by: User, now: datetime) -> Call:
    """Open the decisions again for changes. Raises Refused once they are announced."""
    return _moved(call, CallState.DRAWN, by, now)


def _moved(call: Call, to: str, by: User, now: datetime) -> Call:
    current = locked_call(call.pk)
    if current.state == CallState.ANNOUNCED:
        raise Refused(_("The decisions are announced already."))
    log_transition(subject=current, machine=CALL, to=to, by=by, now=now)
    changed(current.tag, "calls")
    return current


@transaction.atomic
def announce(*, call: Call, by: User, now: datetime) -> int:
    """Tell all applicants what was decided, each once, by a letter in their language. Returns how many letters.

    Of two who press at the same moment one announces and the other is told. Raises Refused.
    """
    current = _moved(call, CallState.ANNOUNCED, by, now)
    Call.objects.filter(pk=current.pk).update(announced_at=now, changed_at=now)
    until = answer_by(now, current.answer_days, current.time_zone)
    staged = Decision.objects.filter(call=current, reply=Reply.NONE, application__erased_at=None)
    staged.filter(outcome=Outcome.PLACE).update(offered_at=now, answer_by=until)
    letters, numbers, in_draw = wordings(current), queries.ranks(current), queries.took_part(current)
    rows = staged.select_related("application__user").order_by("pk")
    for decision in rows:
        decision.call = current
        telling.send_letter(
            decision=decision,
            wordings=letters,
            position=numbers.get(decision.pk),
            took_part=decision.application_id in in_draw,
            now=now,
            key="announced",
        )
    return len(rows)
