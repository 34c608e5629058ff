"""What everyone may read: who is a member of a network, and why each counts as one."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.ui.access import public_page
from samkraft.ui.spreadsheets import csv_text, workbook

from ..models import Fulfilment, FulfilmentState, Network, NetworkMembership
from ..queries import memberships as queries
from .conditions import network_or_404, network_tags

ON_A_PAGE = 48
LONGEST_SEARCH = 80
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _crumbs(network: Network, *rest: tuple[str, str]) -> list[dict[str, str]]:
    way = [(_("Networks"), reverse("networks:index")), (network.name, network.get_absolute_url()), *rest]
    return [{"title": title, "url": url} for title, url in way]


def _tags(slug: str, **_rest: str) -> Iterable[str]:
    return network_tags(slug)


def _found(request: HttpRequest, network: Network) -> tuple[QuerySet[NetworkMembership], str]:
    search = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH].replace("\0", "")
    rows = queries.register(network)
    return (rows.filter(actor__name__icontains=search) if search else rows), search


@public_page(_tags)
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The register of the network's members, each with its evidence and until when it holds."""
    network = network_or_404(slug)
    rows, search = _found(request, network)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "network": network,
        "page": page,
        "search": search,
        "position": _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": page.paginator.num_pages},
        "previous_url": page_address(request, page.number - 1) if page.has_previous() else None,
        "next_url": page_address(request, page.number + 1) if page.has_next() else None,
        "crumbs": _crumbs(network, (_("Members"), "")),
    }
    return render(request, "networks/members.html", context)


def page_address(request: HttpRequest, number: int) -> str:
    """The address of another page of the same list."""
    wanted = request.GET.copy()
    wanted["page"] = str(number)
    return f"?{wanted.urlencode()}"


@public_page(_tags)
def membership(request: HttpRequest, slug: str, actor: str) -> HttpResponse:
    """Why an actor counts as a member: which version, which evidence, accepted when, until when."""
    network = network_or_404(slug)
    found = get_object_or_404(queries.register(network), actor__slug=actor)
    if found.fulfilment is None:
        raise Http404("There is no evidence.")
    earlier = found.fulfilments.filter(state=FulfilmentState.REPLACED, decided_at__isnull=False)
    context = {
        "network": network,
        "membership": found,
        "actor": found.actor,
        "fulfilment": found.fulfilment,
        "condition_url": condition_address(found.fulfilment, network),
        "earlier": list(earlier.exclude(pk=found.fulfilment_id).select_related("version")[:20]),
        "crumbs": _crumbs(network, (_("Members"), reverse("networks:members", args=[slug])), (found.actor.name, "")),
    }
    return render(request, "networks/membership.html", context)


def condition_address(fulfilment: Fulfilment, network: Network) -> str:
    """Where everyone reads the condition that the evidence is for."""
    county = fulfilment.version.condition.county
    if county is not None:
        return reverse("networks:county_condition", args=[county.country.lower(), county.slug])
    return reverse("networks:network_condition", args=[network.slug])


@public_page(_tags)
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The register as a file. Documents are private: of them it says only that one was checked."""
    network = network_or_404(slug)
    rows, _search = _found(request, network)
    headings = [
        _("Actor"), _("Kind"), _("Page"), _("Member since"), _("Condition"), _("Version"), _("Evidence"), _("Link"),
        _("Date of the evidence"), _("Accepted"), _("Valid until"),
    ]  # fmt: skip
    return sheet(kind, f"members-{network.slug}", headings, [_line(row) for row in rows if row.fulfilment])


def _line(row: NetworkMembership) -> list[str]:
    evidence = row.fulfilment
    days = (evidence.evidence_on, evidence.valid_from, evidence.valid_until)
    return [
        row.actor.name,
        capfirst(row.actor.get_kind_display()),
        row.actor.page_url,
        row.since.isoformat() if row.since else "",
        evidence.version.title,
        str(evidence.version.number),
        capfirst(evidence.get_evidence_kind_display()),
        evidence.evidence_url,
        *(day.isoformat() if day else "" for day in days),
    ]


def sheet(kind: str, name: str, headings: list[str], lines: list[list[str]]) -> HttpResponse:
    """A file to download: a workbook, or text with commas."""
    if kind == "xlsx":
        response = HttpResponse(workbook(name, headings, lines), content_type=XLSX)
    else:
        response = HttpResponse(csv_text(headings, lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
