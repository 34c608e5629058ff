"""A person's own calendar address."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from samkraft.ui.access import public, signed_in

from .. import calendars, queries
from ..models import CalendarKey
from ..operations import calendar_keys
from .pages import calendar_response

SHOWN_ONCE = "meetings_calendar_key"


@signed_in
@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """Whether there is an address. Right after it was made, and only then, the address itself."""
    key = request.session.pop(SHOWN_ONCE, None)
    url = settings.SITE_URL + reverse("meetings:personal_calendar", args=[key]) if key else ""
    crumbs = [{"title": _("My page"), "url": reverse("portal:my")}, {"title": _("My calendar address"), "url": ""}]
    context = {"kept": queries.key_of(request.user), "url": url, "crumbs": crumbs}
    return render(request, "meetings/calendar_address.html", context)


@signed_in
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    request.session[SHOWN_ONCE] = calendar_keys.make_key(user=request.user, now=timezone.now())
    messages.success(request, _("Your calendar address is made. Copy it now: it is shown only this once."))
    return redirect("meetings:calendar_address")


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    calendar_keys.end_key(user=request.user)
    messages.success(request, _("Your calendar address no longer works."))
    return redirect("meetings:calendar_address")


@public
@require_safe
def personal(request: HttpRequest, key: str) -> HttpResponse:
    """All meetings that the holder of the key is invited to. A wrong key is as no page at all."""
    rows = CalendarKey.objects.select_related("user")
    kept = get_object_or_404(rows, key_hash=calendar_keys.hash_of(key))
    if not kept.user.is_active:
        raise Http404("This account is closed.")
    with override(kept.user.language):
        content = calendars.of_person(queries.calendar_of(kept.user, timezone.now()))
    response = calendar_response(content, "my-meetings.ics")
    response["Cache-Control"] = "private, no-cache"
    return response
