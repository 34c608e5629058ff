"""The page behind a letter's link: what was decided, and the answer, without an account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.records.refusals import Refused
from samkraft.ui.access import public

from ..models import Decision, Outcome
from ..operations import replies as operations
from ..operations.decisions_telling import decision_of
from ..queries.decisions_told import told
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
    context = {"call": decision.call, "told": told(decision, timezone.now())}
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
