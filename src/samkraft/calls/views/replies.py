"""The pages behind a letter's link: what was decided, and the answer, without an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.records.refusals import Refused
from samkraft.ui.access import public

from ..models import Decision, Outcome
from ..operations import replies as operations
from ..operations.decisions_telling import decision_of
from ..queries.decisions_told import told
from .applications_fetching import lost
from .fetching import by_link


def _of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of whoever holds the link: it is given the decision beside the token."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        decision = decision_of(token)
        return lost(request) if decision is None else view(request, token, decision)

    return public(by_link(wrapped))


@_of_link
def reply(request: HttpRequest, token: str, decision: Decision) -> HttpResponse:
    """Programs that look at links in mails open it too, so opening changes nothing."""
    if request.method == "POST":
        match request.POST.get("answer"):
            case "accept":
                _accept(request, decision)
            case "decline":
                return redirect("calls:give_back", token)
            case _:
                messages.error(request, _("Choose one of the answers."))
        return redirect("calls:reply", token)
    context = {"call": decision.call, "told": told(decision, timezone.now()), "token": token}
    return render(request, "calls/reply.html", context)


def _accept(request: HttpRequest, decision: Decision) -> None:
    try:
        operations.accept(decision=decision, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you, the place is yours. You get a receipt by mail."))


@_of_link
def give_back(request: HttpRequest, token: str, decision: Decision) -> HttpResponse:
    """Asks before a place, or one on the waiting list, is given back, since nobody can undo it."""
    now = timezone.now()
    if request.method == "POST":
        try:
            operations.decline(decision=decision, now=now)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _given_back(decision))
        return redirect("calls:reply", token)
    found = told(decision, now)
    if not found.can_give_back:
        return redirect("calls:reply", token)
    return render(request, "calls/give_back.html", {"call": decision.call, "told": found, "token": token})


def _given_back(decision: Decision) -> str:
    if decision.outcome == Outcome.WAITLIST:
        return _("You are no longer on the waiting list. You get a receipt by mail.")
    return _("Thank you for telling us. You get a receipt by mail.")
