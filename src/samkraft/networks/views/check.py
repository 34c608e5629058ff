"""The convener's yearly check: every actor's evidence in a list, the reminder to all who are due, and the file."""

from typing import cast

import rules
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.memberships import RemindForm
from ..models import Network, NetworkMembership
from ..operations.renewal import remind_all_due
from ..queries import check as queries
from ..queries.networks import open_network
from .memberships_public import page_address, sheet

ON_A_PAGE = 50
LONGEST_SEARCH = 80


def convened(request: HttpRequest, slug: str) -> Network:
    """The network, if the reader decides in it; to everybody else this page does not exist."""
    network = open_network(slug)
    if network is None or not rules.test_rule("networks.convenes", request.user, network):
        raise Http404("The reader does not convene this network.")
    return network


def _crumbs(network: Network, *rest: tuple[str, str]) -> list[dict[str, str]]:
    way = [(_("Networks"), reverse("networks:index")), (network.name, network.get_absolute_url()), *rest]
    return [{"title": title, "url": url} for title, url in way]


def _wanted(request: HttpRequest) -> tuple[str, str]:
    wanted = request.GET.get("show", queries.ALL)
    search = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH].replace("\0", "")
    return (wanted if wanted in queries.FILTERS else queries.ALL), search


@signed_in
def check(request: HttpRequest, slug: str) -> HttpResponse:
    network = convened(request, slug)
    today = timezone.localdate()
    wanted, search = _wanted(request)
    counts = queries.counts(network, today)
    found = queries.listed(network, wanted=wanted, search=search, today=today)
    paginator = Paginator(found, ON_A_PAGE)
    if not search:
        paginator.count = counts[f"n_{wanted}"]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "network": network,
        "rows": queries.rows(network, list(page.object_list), request.user, today),
        "filters": [
            {"name": name, "title": title, "count": counts[f"n_{name}"], "is_chosen": name == wanted}
            for name, title in queries.FILTERS.items()
        ],
        "wanted": wanted,
        "search": search,
        "n_awaiting": counts["n_awaiting"],
        "n_overdue": counts["n_overdue"],
        "n_due": counts["n_due"],
        "n_all": counts["n_all"],
        "position": _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": page.paginator.num_pages},
        "previous_url": page_address(request, page.number - 1) if page.has_previous() else None,
        "next_url": page_address(request, page.number + 1) if page.has_next() else None,
        "crumbs": _crumbs(network, (_("Members and evidence"), "")),
    }
    return render(request, "networks/check.html", context)


@signed_in
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail all who are due and have sent nothing. Asks before it does."""
    network = convened(request, slug)
    form = RemindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        try:
            told = remind_all_due(network=network, **form.cleaned_data, by=user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            text = ngettext(
                "We have sent the reminder to %(count)s actor.", "We have sent the reminder to %(count)s actors.", told
            )
            messages.success(request, text % {"count": told})
            return redirect("networks:check", slug=network.slug)
    count = queries.counts(network, timezone.localdate())["n_due"]
    context = {
        "network": network,
        "count": count,
        "form": form,
        "crumbs": _crumbs(
            network, (_("Members and evidence"), reverse("networks:check", args=[slug])), (_("Remind"), "")
        ),
    }
    return render(request, "networks/check_remind.html", context)


@signed_in
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The list of the check as a file, for those who convene the network."""
    network = convened(request, slug)
    today = timezone.localdate()
    wanted, search = _wanted(request)
    found = queries.listed(network, wanted=wanted, search=search, today=today)
    lines = [_line(row) for row in queries.rows(network, list(found), request.user, today)]
    headings = [
        _("Actor"), _("State"), _("To check"), _("Overdue"), _("Condition"), _("Version"), _("Evidence"), _("Link"),
        _("Date of the evidence"), _("Member since"), _("To be renewed by"),
    ]  # fmt: skip
    return sheet(kind, f"check-{network.slug}", headings, lines)


def _line(row: queries.Row) -> list[str]:
    membership: NetworkMembership = row.membership
    evidence = row.evidence
    days = (evidence.evidence_on if evidence else None, membership.since, membership.due_on)
    return [
        membership.actor.name,
        capfirst(membership.get_state_display()),
        _("yes") if row.is_waiting else "",
        _("yes") if row.is_overdue else "",
        evidence.version.title if evidence else "",
        str(evidence.version.number) if evidence else "",
        capfirst(evidence.get_evidence_kind_display()) if evidence else "",
        evidence.evidence_url if evidence else "",
        *(day.isoformat() if day else "" for day in days),
    ]
