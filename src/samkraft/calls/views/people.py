"""Who organises and who reviews a call: inviting, accepting, ending."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in

from .fetching import organised, working_crumbs


@signed_in
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    return render(request, "calls/people.html", {"call": call, "crumbs": working_crumbs(call, _("People"))})
