"""Forms that a visitor sends, and the stewards' list of what came in."""

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.models import MessageKind, MessageState, TransitionLog, VisitorMessage
from samkraft.records.operations import IllegalMove
from samkraft.ui.access import allowed, public

from ..forms import AnswerForm, ContentReportForm, VisitorMessageForm
from ..models import User
from ..operations import moderation

A_PAGE = 30


@public
def report_fault(request: HttpRequest) -> HttpResponse:
    """Report an accessibility fault."""
    return _receive(request, MessageKind.ACCESSIBILITY, VisitorMessageForm, "people/report_fault.html")


@public
def report_content(request: HttpRequest) -> HttpResponse:
    """Report something on the site that should be looked at."""
    return _receive(request, MessageKind.CONTENT, ContentReportForm, "people/report_content.html")


@public
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The receipt: what happens next."""
    return render(request, "people/received.html")


def _receive(request: HttpRequest, kind: MessageKind, form_class: type[forms.Form], template: str) -> HttpResponse:
    if request.method != "POST":
        form = form_class(initial={"page_address": request.GET.get("page", "")[:500]})
        return render(request, template, {"form": form})
    form = form_class(request.POST)
    if not form.is_valid():
        return render(request, template, {"form": form})
    answers = dict(form.cleaned_data)
    # People do not see this field: what fills it in is a program, which is told nothing.
    if answers.pop("website"):
        return redirect("people:received")
    now = timezone.now()
    address = client_address(request)
    if not allow(action=f"message {kind}", address=address, limit=5, period=timedelta(hours=1), now=now):
        form.add_error(None, _("You have sent many messages in a short time. Wait an hour and send this again."))
        return render(request, template, {"form": form}, status=429)
    moderation.receive_visitor_message(kind=kind, **answers, language=get_language() or "sv", now=now)
    return redirect("people:received")


@allowed("people.is_steward")
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """What visitors have sent: first what awaits somebody, or all of it."""
    everything = request.GET.get("all") == "1"
    rows = VisitorMessage.objects.visible_to(request.user)
    if not everything:
        rows = rows.open()
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: A_PAGE + 1])
    more = len(found) > A_PAGE
    found = found[:A_PAGE]
    next_url = f"?{'all=1&' if everything else ''}before={found[-1].pk}" if more else None
    context = {"found": found, "everything": everything, "next_url": next_url}
    return render(request, "people/messages.html", context)


@allowed("people.is_steward")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: take it up, or settle it with an answer."""
    found = get_object_or_404(VisitorMessage.objects.visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _handle(request, found, form.cleaned_data["answer"])
        except IllegalMove as illegal:
            messages.error(request, str(illegal))
        else:
            messages.success(request, _("We have kept how the matter stands."))
            return redirect("people:message", pk=found.pk)
    context = {
        "found": found,
        "about": _about(found),
        "form": form,
        "log": [
            {"at": entry.at, "by": entry.by, "to_label": MessageState(entry.to_state).label}
            for entry in TransitionLog.objects.of(found).select_related("by")
        ],
        "is_open": found.state in {MessageState.RECEIVED, MessageState.IN_PROGRESS},
        "can_begin": found.state == MessageState.RECEIVED,
    }
    return render(request, "people/message.html", context)


def _about(found: VisitorMessage) -> dict[str, str] | None:
    """What the message is about, for a link to it; None where it is about no one thing."""
    if found.content_type_id is None:
        return None
    subject = found.subject
    if subject is None:
        return {"title": _("Something that is no longer here"), "url": ""}
    address = getattr(subject, "get_absolute_url", None)
    return {"title": str(subject), "url": address() if address is not None else ""}


def _handle(request: HttpRequest, found: VisitorMessage, answer: str) -> None:
    by, now = cast(User, request.user), timezone.now()
    step = request.POST.get("step")
    if step == "begin":
        moderation.begin_message(message=found, by=by, now=now)
        return
    to = MessageState.REJECTED if step == "reject" else MessageState.DONE
    moderation.close_message(message=found, to=to, answer=answer, by=by, now=now)
