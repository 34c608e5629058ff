"""Fetching with access: what is not the reader's is answered exactly as what does not exist."""

import rules
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Call


def organised(request: HttpRequest, slug: str) -> Call:
    """The call, if the reader runs it; to everybody else its working pages do not exist."""
    call = get_object_or_404(Call.objects.select_related("area", "actor").defer("area__outline"), slug=slug)
    if not rules.test_rule("calls.organises", request.user, call):
        raise Http404("The reader does not run this call.")
    return call


def working_crumbs(call: Call, *titles: str) -> list[dict[str, str]]:
    """Where one is among a call's working pages; the last title is this page."""
    way = [(_("Calls"), reverse("calls:index")), (call.title, reverse("calls:organise", args=[call.slug]))]
    return [{"title": title, "url": url} for title, url in [*way, *((title, "") for title in titles)]]
