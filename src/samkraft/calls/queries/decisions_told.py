"""A decision as its applicant reads it: what came of the application, why, and what can still be answered."""

from dataclasses import dataclass
from datetime import datetime

from ..models import CallState, Decision, Outcome, PoolMember, Reply
from .calls import organiser_of
from .decisions import rank_of
from .decisions_letters import moment, reason_of


@dataclass(frozen=True)
class Told:
    """`answer_by` in words, `rank` on the waiting list if on it, `reason` where there is no place.

    `is_late`: the time to answer has passed without an answer. `is_open`: answers are still taken.
    """

    decision: Decision
    organiser: str
    answer_by: str
    rank: int | None
    reason: str
    is_late: bool
    is_open: bool

    @property
    def waits_for_answer(self) -> bool:
        decision = self.decision
        return self.is_open and decision.outcome == Outcome.PLACE and decision.reply == Reply.NONE and not self.is_late

    @property
    def can_give_back(self) -> bool:
        """A place that is offered or taken, or one on the waiting list."""
        decision = self.decision
        on_list = decision.outcome == Outcome.WAITLIST and decision.reply == Reply.NONE
        has_place = decision.outcome == Outcome.PLACE and decision.reply == Reply.ACCEPTED
        return self.waits_for_answer or (self.is_open and (on_list or has_place))


def told(decision: Decision, now: datetime) -> Told:
    """Fetch the call with it, with its area and actor. One or two queries."""
    call = decision.call
    unanswered = decision.outcome == Outcome.PLACE and decision.reply == Reply.NONE
    application = decision.application
    application.call = call
    members = PoolMember.objects.filter(draw=decision.draw_id, application=application)
    return Told(
        decision=decision,
        organiser=organiser_of(call),
        answer_by=moment(decision.answer_by, call.time_zone),
        rank=rank_of(decision),
        reason=reason_of(application, took_part=members.exists()) if decision.outcome == Outcome.NO else "",
        is_late=unanswered and decision.answer_by is not None and now > decision.answer_by,
        is_open=call.state == CallState.ANNOUNCED,
    )
