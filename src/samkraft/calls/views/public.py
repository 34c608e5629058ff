"""The public pages of calls: what one can apply for, and each call's own page."""

import rules
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import public_page
from samkraft.ui.context import viewer

from ..models import Call, CallState


def call_tags(slug: str) -> tuple[str, ...]:
    return (f"call:{slug}",)


@public_page("calls")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"calls": Call.objects.public()[:50], "crumbs": [{"title": _("Calls"), "url": ""}]}
    return render(request, "calls/index.html", context)


@public_page(call_tags)
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """What one gets, who can apply, until when and how those who get a place are chosen."""
    found = get_object_or_404(Call.objects.select_related("area", "actor").defer("area__outline"), slug=slug)
    if found.state == CallState.DRAFT and not rules.test_rule("calls.organises", viewer(request), found):
        raise Http404("The call is not published.")
    crumbs = [{"title": _("Calls"), "url": reverse("calls:index")}, {"title": found.title, "url": ""}]
    return render(request, "calls/call.html", {"call": found, "crumbs": crumbs})
