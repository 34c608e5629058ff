"""The applications of a call, for those who run it: narrowed, read, put into a file, not taken up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.files import address_of
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in
from samkraft.ui.spreadsheets import csv_text, workbook

from ..forms.applications_organised import ExcludeForm, FilterForm
from ..models import Application, ApplicationState, Call
from ..operations import excluding
from ..queries import applications as applicant_queries
from ..queries import export as export_queries
from ..queries import filters, merit, reviews_blind
from ..queries import reviews as review_queries
from .fetching import organised, working_crumbs

ON_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that the filter leaves, with their points and how many have read them."""
    call = organised(request, slug)
    form = filter_of(request, call)
    points = merit.points_of(call)
    ids = filters.matching(call, form.wanted(), points)
    page = Paginator(ids, ON_A_PAGE).get_page(request.GET.get("page"))
    narrowed = form.narrowed()
    context = {
        "call": call,
        "form": form,
        "narrowed": form.is_narrowed(),
        "query": query_of(narrowed),
        "rows": _rows(list(page.object_list), points),
        "count": len(ids),
        "drafts": filters.drafts(call),
        "position": _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": page.paginator.num_pages},
        "previous_url": query_of(narrowed, page.number - 1) if page.has_previous() else None,
        "next_url": query_of(narrowed, page.number + 1) if page.has_next() else None,
        "crumbs": working_crumbs(call, _("Applications")),
    }
    return render(request, "calls/applications.html", context)


def filter_of(request: HttpRequest, call: Call) -> FilterForm:
    """The filter that stands in the address."""
    return FilterForm(request.GET, call=call, questions=list(call.questions.all()))


def query_of(narrowed: dict[str, list[str]], page: int | None = None) -> str:
    """The filter, and the page, as they stand in an address."""
    given = {**narrowed, **({"page": [str(page)]} if page else {})}
    return f"?{urlencode(given, doseq=True)}"


def _rows(ids: list[int], points: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    counts = review_queries.counts_of(ids)
    rows = []
    for application in filters.in_order(ids):
        done, everyone = counts.get(application.pk, (0, 0))
        rows.append(
            {
                "application": application,
                "points": points.get(application.pk),
                "done": done,
                "everyone": everyone,
                "decision": getattr(application, "decision", None),
            }
        )
    return rows


@signed_in
@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the filter leaves as a file, with names or without what tells who applied."""
    call = organised(request, slug)
    form = filter_of(request, call)
    personal = request.GET.get("names") != "no"
    ids = filters.matching(call, form.wanted())
    headings = export_queries.headings(call, form.questions, personal=personal)
    lines = export_queries.rows(call, ids, form.questions, personal=personal)
    name = f"{call.slug}-applications" if personal else f"{call.slug}-applications-without-names"
    if kind == "xlsx":
        response = HttpResponse(workbook(_("Applications"), headings, lines), content_type=XLSX)
    else:
        response = HttpResponse(csv_text(headings, lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def sent_in(call: Call, pk: int) -> Application:
    """An application of the call that was sent in; neither a draft, a sample nor another call's exists here."""
    rows = filters.sent_in(call).select_related("place__parent", "actor", "decision")
    found = get_object_or_404(rows.defer("place__outline", "place__parent__outline"), pk=pk)
    found.call = call
    return found


@signed_in
@require_safe
def application(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All that was sent in, what would tell a reviewer who it is, the reviews, and what happened."""
    call = organised(request, slug)
    found = sent_in(call, pk)
    is_open = review_queries.is_open(call)
    context = {
        "call": call,
        "application": found,
        "title": reviews_title(found),
        "rows": [
            {"row": row, "url": address_of(row.file) if row.file else ""}
            for row in applicant_queries.rows_sent_in(found)
        ],
        "telling": reviews_blind.telling(found),
        "reviews": review_queries.reviews_of([found.pk])[found.pk],
        "points": merit.points_of(call).get(found.pk),
        "decision": getattr(found, "decision", None),
        "log": applicant_queries.log_of(found),
        "can_be_asked": is_open and found.state == ApplicationState.SUBMITTED,
        "is_open": is_open,
        "may_exclude": found.state == ApplicationState.SUBMITTED and call.state in excluding.BEFORE_THE_DRAW,
        "may_take_up": found.state == ApplicationState.EXCLUDED and call.state in excluding.BEFORE_THE_DRAW,
        "crumbs": crumbs(call, reviews_title(found)),
    }
    return render(request, "calls/application_read.html", context)


def reviews_title(found: Application) -> str:
    """Who applies, for those who may know."""
    return found.actor_name or found.name or reviews_blind.title_of(found)


def crumbs(call: Call, *titles: str) -> list[dict[str, str]]:
    """Below the list of applications."""
    way = working_crumbs(call, _("Applications"), *titles)
    way[2]["url"] = reverse("calls:applications", args=[call.slug])
    return way


@signed_in
def exclude(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks for the reason, which the applicant gets."""
    call = organised(request, slug)
    found = sent_in(call, pk)
    if found.state != ApplicationState.SUBMITTED:
        raise Http404("This application is not taken up already, or is withdrawn.")
    form = ExcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            excluding.exclude(application=found, **form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The application is not taken up. The applicant has your reason by mail."))
            return redirect("calls:application_read", slug=slug, pk=pk)
    context = {
        "call": call,
        "application": found,
        "title": reviews_title(found),
        "form": form,
        "crumbs": crumbs(call, reviews_title(found)),
    }
    return render(request, "calls/application_exclude.html", context)


@signed_in
@require_POST
def take_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    found = sent_in(call, pk)
    try:
        excluding.take_up_again(application=found, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The application is taken up again. We have told the applicant by mail."))
    return redirect("calls:application_read", slug=slug, pk=pk)
