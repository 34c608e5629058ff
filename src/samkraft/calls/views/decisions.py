"""What came of the draw, for those who run the call: places, the waiting list, and who was not chosen this time."""

import rules
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in

from ..models import Call


def organised(request: HttpRequest, slug: str) -> Call:
    """The call, if the reader runs it; to everybody else its working pages do not exist."""
    call = get_object_or_404(Call.objects.select_related("area", "actor"), slug=slug)
    if not rules.test_rule("calls.organises", request.user, call):
        raise Http404("The reader does not run this call.")
    return call


@signed_in
@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    context = {"call": call, "crumbs": [{"title": call.title, "url": ""}, {"title": _("Decisions"), "url": ""}]}
    return render(request, "calls/decisions.html", context)
