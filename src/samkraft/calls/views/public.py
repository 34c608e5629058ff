"""The public pages of calls: what one can apply for, each call's own page, calendars and the list as a file.

Pages are kept for anonymous readers until something of the calls changes. What hangs on the clock as well, such as
"3 days left", is kept no longer than it is true: until midnight by the organiser's clock, or until a call opens or
closes. The deadline itself always stands beside it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import rules
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import public_page
from samkraft.ui.context import viewer
from samkraft.ui.page_cache import hold_until
from samkraft.ui.spreadsheets import csv_text

from .. import calendars
from ..models import Call, CallKind, CallState, QuestionKind
from ..queries import calls as queries
from ..queries import calls_words, features
from ..rules import windows

A_PAGE = 30
MOST_COMING = 40
MOST_IN_CALENDAR = 400


def call_tags(slug: str) -> tuple[str, ...]:
    return (f"call:{slug}",)


def card_of(call: Call, now: datetime) -> dict[str, Any]:
    """What a list shows of a call: from whom, and where its time stands, in words."""
    opens, closes, zone = call.opens_at, call.closes_at, call.time_zone
    is_open = call.state == CallState.OPEN and opens is not None and opens <= now
    time = ""
    if opens is not None and closes is not None and call.state == CallState.OPEN and closes > now:
        time = windows.until_in_words(closes, now, zone) if is_open else windows.window_in_words(opens, closes, zone)
    elif closes is not None:
        time = _("Closed %(moment)s") % {"moment": windows.moment_in_words(closes, zone)}
    return {
        "call": call,
        "organiser": queries.organiser_of(call),
        "kind": capfirst(call.get_kind_display()),
        "time": time,
        "is_open": is_open and closes is not None and closes > now,
        "report_url": report_url(call),
    }


def report_url(call: Call) -> str:
    """Where the report of the draw is; empty before it is drawn."""
    if not queries.is_drawn(call):
        return ""
    try:
        return reverse("calls:report", args=[call.slug])
    except NoReverseMatch:
        return ""


def hold(response: HttpResponse, calls: Iterable[Call], now: datetime) -> HttpResponse:
    """Keep a page no longer than the words on it about the calls' time are true."""
    moments = [
        windows.holds_until(call.opens_at, call.closes_at, now, call.time_zone)
        for call in calls
        if call.state == CallState.OPEN
    ]
    if moments:
        hold_until(response, min(moments), now=now)
    return response


@public_page("calls")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one can apply for now and soon, and what has been decided. By country and kind."""
    now = timezone.now()
    chosen = {"country": _one_of(request, "country", queries.countries_with_calls())}
    chosen["kind"] = _one_of(request, "kind", CallKind.values)
    running = list(queries.chosen(queries.running(now), **chosen)[:MOST_COMING])
    coming = list(queries.chosen(queries.coming(now), **chosen)[:MOST_COMING])
    page = Paginator(queries.chosen(queries.over(now), **chosen), A_PAGE).get_page(request.GET.get("page"))
    reader = viewer(request)
    context = {
        **chosen,
        "running": [card_of(call, now) for call in running],
        "coming": [card_of(call, now) for call in coming],
        "over": [card_of(call, now) for call in page.object_list],
        "page": page,
        "query": "".join(f"{name}={value}&" for name, value in chosen.items() if value),
        "countries": queries.countries_with_calls(),
        "kinds": [(kind.value, capfirst(kind.label)) for kind in queries.kinds_with_calls()],
        "may_begin": reader is not None and rules.test_rule("calls.may_begin", reader),
        "crumbs": [{"title": _("Calls"), "url": ""}],
    }
    return hold(render(request, "calls/index.html", context), [*running, *coming], now)


def _one_of(request: HttpRequest, name: str, values: Iterable[str]) -> str:
    wanted = request.GET.get(name, "")
    return next((value for value in values if value.lower() == wanted.lower()), "")


@public_page(call_tags)
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """What one gets, who can apply, until when, and how those who get a place are chosen."""
    found = queries.by_slug(slug)
    reader = viewer(request)
    organises = found is not None and reader is not None and rules.test_rule("calls.organises", reader, found)
    if found is None or (found.state == CallState.DRAFT and not organises):
        raise Http404("No such call, or it is not published.")
    now = timezone.now()
    known = features.features_of(found)
    context = {
        "call": found,
        "organiser": queries.organiser_of(found),
        "kind": capfirst(found.get_kind_display()),
        "organises": organises,
        "who": calls_words.who_in_words(found),
        "how": calls_words.how_in_words(found, known),
        "limits": calls_words.limits_in_words(known),
        "questions": list(found.questions.all()),
        "file_kind": QuestionKind.FILE,
        "changes": calls_words.changes_in_words(found, known),
        "why_cancelled": queries.why_cancelled(found) if found.state == CallState.CANCELLED else "",
        "crumbs": [{"title": _("Calls"), "url": reverse("calls:index")}, {"title": found.title, "url": ""}],
        **_time(found, now),
    }
    return hold(render(request, "calls/call.html", context), [found], now)


def _time(call: Call, now: datetime) -> dict[str, Any]:
    """Where the call's time stands, and whether one can apply now."""
    opens, closes, zone = call.opens_at, call.closes_at, call.time_zone
    if opens is None or closes is None:
        return {"left": "", "is_open": False}
    not_over = call.state == CallState.OPEN and closes > now
    is_published = call.state != CallState.DRAFT
    told_at = queries.told_at(call)
    return {
        "has_opened": is_published and opens <= now,
        "has_closed": is_published and not not_over,
        "is_deadline_over": closes <= now,
        "told_on": windows.day_in_words(told_at, zone) if told_at is not None else "",
        "opens": windows.moment_in_words(opens, zone),
        "closes": windows.moment_in_words(closes, zone),
        "is_open": not_over and opens <= now,
        "is_coming": not_over and opens > now,
        "left": windows.left_in_words(closes, now, zone) if opens <= now else windows.opens_in_words(opens, now, zone),
        "report_url": report_url(call),
    }


@public_page(call_tags)
@require_safe
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The deadline, to put into a calendar; of a cancelled call, one that takes it away again."""
    found = queries.by_slug(slug)
    if found is None or found.state == CallState.DRAFT or found.closes_at is None:
        raise Http404("No such call, or it is not published.")
    return _calendar(calendars.one_call(found), f"{found.slug}.ics")


@public_page("calls")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The deadlines of all calls that one can apply to now or soon."""
    now = timezone.now()
    found = list(queries.not_over(now)[:MOST_IN_CALENDAR])
    return hold(_calendar(calendars.open_calls(found), "calls.ics"), found, now)


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public_page("calls")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Every published call as CSV."""
    headings = ["title", "kind", "state", "organiser", "country", "who applies", "places", "opens", "closes"]
    headings += ["applicants hear by", "address"]
    rows = [
        [
            call.title,
            call.kind,
            call.state,
            queries.organiser_of(call),
            call.country,
            call.applicants,
            call.seats,
            call.opens_at.isoformat() if call.opens_at else "",
            call.closes_at.isoformat() if call.closes_at else "",
            call.announce_on.isoformat() if call.announce_on else "",
            settings.SITE_URL + call.get_absolute_url(),
        ]
        for call in queries.with_organiser(Call.objects.public()).order_by("pk")
    ]
    response = HttpResponse(csv_text(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="calls.csv"'
    return response
