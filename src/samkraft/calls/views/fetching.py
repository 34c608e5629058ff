"""Fetching with access: what is not the reader's is answered exactly as what does not exist."""

from collections.abc import Callable
from functools import wraps

import rules
from django.http import Http404, HttpRequest, HttpResponse
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


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a secret address leads to: neither kept by caches nor found by search engines."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def working_crumbs(call: Call, *titles: str) -> list[dict[str, str]]:
    """Where one is among a call's working pages; the last title is this page."""
    way = [(_("Calls"), reverse("calls:index")), (call.title, reverse("calls:organise", args=[call.slug]))]
    return [{"title": title, "url": url} for title, url in [*way, *((title, "") for title in titles)]]
