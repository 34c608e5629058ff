"""Applying: a link by mail for anyone, at once for a reader whose address is known."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.people.queries import verified_addresses
from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public
from samkraft.ui.context import viewer

from ..forms.applications import ApplyForm
from ..links import form_path
from ..models import Call
from ..operations import applications as operations
from ..queries import applications as queries
from ..rules.applying import Window
from .applications_fetching import link_form

# A municipality's people often share one address.
ASKED_AN_HOUR = 30


def _call(slug: str) -> Call:
    return get_object_or_404(Call.objects.public().select_related("area", "actor").defer("area__outline"), slug=slug)


@public
@never_cache
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """How to apply. The page says the same whether somebody has applied with an address already."""
    call, reader = _call(slug), viewer(request)
    window = queries.window_of(call, timezone.now())
    if window != Window.OPEN:
        context = {**_context(call, pgettext("of a call", "Apply")), "window": window, "now": timezone.now()}
        return render(request, "calls/apply_closed.html", context, status=410 if request.method == "POST" else 200)
    if request.method == "POST" and reader is not None and request.POST.get("own") == "1":
        return _begin_as_reader(request, call)
    knows = reader is not None and reader.email.lower() in verified_addresses(reader)
    form = ApplyForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        # People do not see this field: what fills it in is a program, which is told nothing.
        if form.cleaned_data["website"]:
            return redirect("calls:apply_asked", slug)
        try:
            _limit_by_address(request)
            operations.begin(
                call=call, email=form.cleaned_data["email"], language=get_language() or "sv", now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            _repeat(request, form)
            return redirect("calls:apply_asked", slug)
    context = {**_context(call, pgettext("of a call", "Apply")), "form": form, "reader": reader if knows else None}
    return render(request, "calls/apply.html", context, status=status)


@public
@require_safe
@never_cache
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt: what happens next. It says the same whoever has applied already."""
    call = _call(slug)
    is_open = queries.window_of(call, timezone.now()) == Window.OPEN
    again_url = reverse("calls:apply" if is_open else "calls:apply_link", args=[slug])
    context = {**_context(call, _("Look in your inbox")), "again_url": again_url}
    return render(request, "calls/apply_asked.html", context)


@public
@never_cache
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """The link again, also when the call has closed. It says the same whether there is an application."""
    call = _call(slug)
    form = link_form(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("calls:apply_asked", slug)
        try:
            _limit_by_address(request)
            operations.send_link(call=call, email=form.cleaned_data["email"], now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            _repeat(request, form)
            return redirect("calls:apply_asked", slug)
    return render(request, "calls/apply_link.html", {**_context(call, _("Your link")), "form": form}, status=status)


@public
@never_cache
def link_again(request: HttpRequest) -> HttpResponse:
    """The links of all that somebody has applied to, for one whose link is broken: it says the same to everybody."""
    form = link_form(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            _limit_by_address(request)
            if not form.cleaned_data["website"]:
                operations.send_links(email=email, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            said = _("If there is an application with the address %(email)s, its link is on the way there by mail.")
            messages.success(request, said % {"email": email})
            return redirect("calls:link_again")
    return render(request, "calls/link_again.html", {"form": form}, status=status)


def _repeat(request: HttpRequest, form: ApplyForm) -> None:
    """Say which address was written, so that a slip can be seen."""
    messages.info(request, _("You wrote the address %(email)s.") % {"email": form.cleaned_data["email"]})


def _begin_as_reader(request: HttpRequest, call: Call) -> HttpResponse:
    try:
        application = operations.begin_as_reader(call=call, user=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("calls:apply", call.slug)
    return redirect(form_path(application))


def _limit_by_address(request: HttpRequest) -> None:
    """Each asking is a mail to somebody who may not have asked for it. Raises Refused."""
    address, hour = client_address(request), timedelta(hours=1)
    limit = ASKED_AN_HOUR
    if not allow(action=operations.LINK, address=address, limit=limit, period=hour, now=timezone.now()):
        raise Refused(_("You have asked for many mails in a short time. Wait an hour and try again."))


def _context(call: Call, title: str) -> dict[str, object]:
    crumbs = [
        {"title": _("Calls"), "url": reverse("calls:index")},
        {"title": call.title, "url": call.get_absolute_url()},
        {"title": title, "url": ""},
    ]
    return {"call": call, "crumbs": crumbs}
