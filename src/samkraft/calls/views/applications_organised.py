"""The applications of a call, for those who run it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in

from .decisions import organised


@signed_in
@require_safe
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    context = {"call": call, "crumbs": [{"title": call.title, "url": ""}, {"title": _("Applications"), "url": ""}]}
    return render(request, "calls/applications.html", context)
