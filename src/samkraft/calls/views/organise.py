"""The organisers' overview of a call: where it stands, and what to do now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in

from .fetching import organised, working_crumbs


@signed_in
@require_safe
def organise(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    return render(request, "calls/organise.html", {"call": call, "crumbs": working_crumbs(call, _("Overview"))})
