"""The page on which those who run a call set its limits and see at once what they cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in

from .decisions import organised


@signed_in
@require_safe
def selection(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    return render(request, "calls/selection.html", {"call": call, "crumbs": [{"title": _("Selection"), "url": ""}]})
