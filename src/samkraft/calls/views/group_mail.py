"""Mails from the organisers to a group of applicants: written, looked at, sent, and kept."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.applications_organised import FilterForm
from ..forms.group_mail import MailForm
from ..models import Call
from ..operations import group_mail as operations
from ..queries import group_mail as queries
from .applications_organised import crumbs, filter_of, query_of
from .fetching import organised

ON_A_PAGE = 25
SEND = "send"


@signed_in
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to those whom the filter in the address leaves. It is looked at first, and then sent."""
    call = organised(request, slug)
    chosen = filter_of(request, call)
    receivers = queries.receivers(call, chosen.wanted())
    form = MailForm(request.POST or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if request.POST.get("act") == SEND:
            try:
                sent = operations.send(
                    call=call,
                    wanted=chosen.wanted(),
                    chosen_by=chosen.narrowed(),
                    **given,
                    by=cast(User, request.user),
                    now=timezone.now(),
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _said(sent.receivers))
                return redirect("calls:group_mail_sent", slug=slug, pk=sent.pk)
        elif receivers:
            first = receivers[0]
            preview = {"to": first, **{name: queries.addressed(given[name], first) for name in ("subject", "text")}}
    context = {
        "call": call,
        "form": form,
        "preview": preview,
        "count": len(receivers),
        "chosen": in_words(chosen),
        "query": query_of(chosen.narrowed()),
        "crumbs": crumbs(call, _("Write to applicants")),
    }
    return render(request, "calls/group_mail.html", context)


def _said(count: int) -> str:
    text = ngettext(
        "The mail is on its way to %(count)s applicant.", "The mail is on its way to %(count)s applicants.", count
    )
    return text % {"count": count}


def in_words(chosen: FilterForm) -> list[str]:
    """What narrows the list: the name of each field with what was chosen there."""
    found = []
    for name, given in chosen.narrowed().items():
        field = chosen.fields[name]
        words = dict(getattr(field, "choices", ()))
        found.append(f"{field.label}: {', '.join(str(words.get(value, value)) for value in given)}")
    return found


@signed_in
@require_safe
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    page = Paginator(queries.sent(call), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "mails": page.object_list,
        "previous_url": query_of({}, page.number - 1) if page.has_previous() else None,
        "next_url": query_of({}, page.number + 1) if page.has_next() else None,
        "crumbs": crumbs(call, _("Mails to applicants")),
    }
    return render(request, "calls/group_mails.html", context)


@signed_in
@require_safe
def mail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One mail that was sent: to how many, by whom, and by which filter."""
    call = organised(request, slug)
    found = get_object_or_404(queries.sent(call), pk=pk)
    way = crumbs(call, _("Mails to applicants"), found.subject)
    way[3]["url"] = reverse("calls:group_mails", args=[call.slug])
    context = {"call": call, "mail": found, "chosen": in_words(_kept_filter(call, found.chosen_by)), "crumbs": way}
    return render(request, "calls/group_mail_sent.html", context)


def _kept_filter(call: Call, chosen_by: dict[str, list[str]]) -> FilterForm:
    return FilterForm(MultiValueDict(chosen_by), call=call, questions=list(call.questions.all()))
