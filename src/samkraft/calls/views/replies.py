"""The page behind a letter's link: what was decided, and the answer, without an account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.records.refusals import Refused
from samkraft.ui.access import public

from ..models import CallState, Decision, Outcome, Reply
from ..operations import replies as operations
from ..operations.decisions_telling import decision_of
from ..queries.decisions import rank_of
from ..queries.decisions_letters import moment, organiser_of
from .fetching import by_link


@public
@by_link
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Programs that look at links in mails open it too, so opening changes nothing."""
    decision = decision_of(token)
    if decision is None:
        raise Http404("The link is not one of ours, or there is nothing to tell.")
    if request.method == "POST":
        try:
            _answer(request, decision)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("calls:reply", token)
    now = timezone.now()
    unanswered = decision.outcome == Outcome.PLACE and decision.reply == Reply.NONE
    is_late = unanswered and decision.answer_by is not None and now > decision.answer_by
    context = {
        "decision": decision,
        "call": decision.call,
        "organiser": organiser_of(decision.call),
        "answer_by": moment(decision.answer_by, decision.call.time_zone),
        "rank": rank_of(decision),
        "is_late": is_late,
        "is_open": decision.call.state == CallState.ANNOUNCED,
    }
    return render(request, "calls/reply.html", context)


def _answer(request: HttpRequest, decision: Decision) -> None:
    """Raises Refused."""
    now = timezone.now()
    match request.POST.get("answer"):
        case "accept":
            operations.accept(decision=decision, now=now)
            messages.success(request, _("Thank you, the place is yours. You get a receipt by mail."))
        case "decline" if decision.outcome == Outcome.WAITLIST:
            operations.decline(decision=decision, now=now)
            messages.success(request, _("You are no longer on the waiting list. You get a receipt by mail."))
        case "decline":
            operations.decline(decision=decision, now=now)
            messages.success(request, _("Thank you for telling us. You get a receipt by mail."))
        case _:
            messages.error(request, _("Choose one of the answers."))
