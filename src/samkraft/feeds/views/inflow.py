"""The tray of what came in from the regional mobilisation, and the sources that a county takes in."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.places.models import Area
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.inflow import SourceForm
from ..models import InflowSource
from ..operations import inflow
from ..queries import inflow as queries
from ..queries.reading import Cursor

A_PAGE = 30
ADDED_AN_HOUR = 30


@signed_in
@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """What came in to the counties in which the reader writes. Who writes nowhere has no tray."""
    counties = list(queries.counties_of(request.user))
    if not counties:
        raise Http404("The reader writes in no county.")
    found, older = queries.tray_page(counties, Cursor.read(request.GET.get("before", "")), A_PAGE)
    context = {
        "found": found,
        "next_url": f"?before={older}" if older else None,
        "kept": list(queries.kept_by(request.user)),
    }
    return render(request, "feeds/tray.html", context)


@signed_in
def sources(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    """The feeds that a county takes in; for its coordinators and the stewards."""
    county = queries.county(country, slug)
    if county is None or not queries.keeps_inflow(request.user, county):
        raise Http404("No such county, or the reader does not coordinate it.")
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, county, form):
        return redirect("feeds:sources", country=country, slug=slug)
    context = {"county": county, "form": form, "sources": list(queries.sources_of(county))}
    return render(request, "feeds/tray_sources.html", context)


@signed_in
def remove_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it removes: what came in from the source is forgotten with it."""
    rows = InflowSource.objects.select_related("county__parent").defer("county__outline", "county__parent__outline")
    source = get_object_or_404(rows, pk=pk)
    if not queries.keeps_inflow(request.user, source.county):
        raise Http404("The reader does not coordinate the county.")
    if request.method == "POST":
        inflow.remove_source(source=source)
        messages.success(request, _("The feed is removed. Nothing more comes in from it."))
        return redirect("feeds:sources", country=source.county.country.lower(), slug=source.county.slug)
    return render(request, "feeds/tray_remove.html", {"source": source})


def _added(request: HttpRequest, county: Area, form: SourceForm) -> bool:
    """Whether the feed is taken in from now on; if not, the form says why."""
    now, hour = timezone.now(), timedelta(hours=1)
    try:
        # Each is a request from our server to an address that somebody typed.
        if not allow(action="feeds.source", account=request.user, limit=ADDED_AN_HOUR, period=hour, now=now):
            raise Refused(_("You have tried many addresses in a short time. Wait an hour and try again."))
        source = inflow.add_source(**form.cleaned_data, county=county, by=request.user, now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("We take in %(title)s from now on, once an hour.") % {"title": source.title})
    return True
