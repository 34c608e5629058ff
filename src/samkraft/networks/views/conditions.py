"""The pages of a condition: what it says and has said, and writing the next version of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind
from samkraft.places.rules import area_tag
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.access import public_page, signed_in
from samkraft.ui.context import viewer

from ..forms.conditions import ConditionForm, PublishForm, initial_of
from ..models import Condition, ConditionVersion, Network
from ..operations import conditions as operations
from ..queries import conditions as queries
from ..queries import networks as network_queries
from ..rules.conditions import changes, lasts_in_words

# Stands for a form without the hidden mark of what its sender saw: nothing was saved then, so it is refused.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _county_tags(country: str, slug: str) -> Iterable[str]:
    return (area_tag(country, slug), "networks")


def network_tags(slug: str) -> Iterable[str]:
    """The tags of a network's page, whose address holds no id."""
    pk = Network.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return (f"network:{pk}", "networks")


def county_or_404(country: str, slug: str) -> Area:
    county = places.area(country, slug)
    if county is None or county.kind != AreaKind.COUNTY:
        raise Http404("No such county.")
    return county


def network_or_404(slug: str) -> Network:
    network = network_queries.open_network(slug)
    if network is None:
        raise Http404("No such network.")
    return network


@public_page(_county_tags)
def county_condition(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    county = county_or_404(country, slug)
    return _shown(request, queries.of_county(county), {"county": county, "whose": county.full_name})


@public_page(network_tags)
def network_condition(request: HttpRequest, slug: str) -> HttpResponse:
    """The condition that applies in a network; beside the county's also what the network's own said before."""
    network = network_or_404(slug)
    applies = queries.condition_for(network)
    own = queries.of_network(network)
    if applies is not None and applies.condition.county_id is not None:
        context = {
            "network": network,
            "county": applies.condition.county,
            "whose": applies.condition.county.full_name,
            "own_versions": described(queries.published_versions(own)),
            "county_since": queries.published_versions(applies.condition)[-1].published_at,
        }
        return _shown(request, applies.condition, context)
    return _shown(request, own, {"network": network, "whose": network.name})


def _shown(request: HttpRequest, condition: Condition, context: dict[str, Any]) -> HttpResponse:
    versions = described(queries.published_versions(condition))
    reader = viewer(request)
    may_write = reader is not None and rules.test_rule("networks.sets_condition", reader, condition)
    page = {
        **context,
        "versions": versions,
        "current": versions[0] if versions else None,
        "may_write": may_write,
        "draft": queries.draft_of(condition) if may_write else None,
        "addresses": addresses(condition) if may_write else None,
        "crumbs": _crumbs(condition, context.get("network"), None),
    }
    return render(request, "networks/condition.html", page)


def described(versions: list[ConditionVersion]) -> list[dict[str, Any]]:
    """Versions, the newest first, each with what changed since the one before and how long it lasts in words."""
    found = []
    for place, version in enumerate(versions):
        before = versions[place + 1] if place + 1 < len(versions) else None
        found.append(describe(version, before))
    return found


def describe(version: ConditionVersion, before: ConditionVersion | None) -> dict[str, Any]:
    """A version for a page. `changes` are of the text, `facts` of what stands beside it."""
    page: dict[str, Any] = {"version": version, "lasts": lasts_in_words(version.lasts_months), "before": before}
    if before is not None:
        page["title_changes"] = before.title != version.title and changes(before.title, version.title)
        texts = (rich_text.to_plain(before.text), rich_text.to_plain(version.text))
        page["text_changes"] = texts[0] != texts[1] and changes(*texts)
        page["additions_changes"] = before.additions != version.additions and changes(
            before.additions, version.additions
        )
        page["evidence_changed"] = before.evidence_kind != version.evidence_kind
        page["lasted"] = before.lasts_months != version.lasts_months and lasts_in_words(before.lasts_months)
    return page


def addresses(condition: Condition) -> dict[str, str]:
    """Where the condition is read, written, looked through, published and thrown away."""
    if condition.county is not None:
        args, kind = [condition.county.country.lower(), condition.county.slug], "county"
    else:
        args, kind = [condition.network.slug], "network"
    pages = {"read": "condition", "write": "condition_write", "preview": "condition_preview"}
    pages["discard"] = "condition_discard"
    return {name: reverse(f"networks:{kind}_{page}", args=args) for name, page in pages.items()}


def _crumbs(condition: Condition, network: Network | None, last: str | None) -> list[dict[str, str]]:
    crumbs = [{"title": _("Networks"), "url": reverse("networks:index")}]
    if network is not None:
        crumbs.append({"title": network.name, "url": network.get_absolute_url()})
        here = reverse("networks:network_condition", args=[network.slug])
    else:
        county = cast(Area, condition.county)
        crumbs.append({"title": county.full_name, "url": county.get_absolute_url()})
        here = reverse("networks:county_condition", args=[county.country.lower(), county.slug])
    crumbs.append({"title": _("Condition"), "url": here})
    return [*crumbs, {"title": last, "url": ""}] if last else crumbs


def _of_county(request: HttpRequest, country: str, slug: str) -> Condition:
    return _writable(request, queries.of_county(county_or_404(country, slug)))


def _of_network(request: HttpRequest, slug: str) -> Condition:
    return _writable(request, queries.of_network(network_or_404(slug)))


def _writable(request: HttpRequest, condition: Condition) -> Condition:
    """The condition, if the reader may write it; to everybody else its working pages do not exist."""
    if not rules.test_rule("networks.sets_condition", request.user, condition):
        raise Http404("The reader has no say in this condition.")
    return condition


@signed_in
def county_condition_write(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _write(request, _of_county(request, country, slug))


@signed_in
def network_condition_write(request: HttpRequest, slug: str) -> HttpResponse:
    return _write(request, _of_network(request, slug))


def _write(request: HttpRequest, condition: Condition) -> HttpResponse:
    """Write the draft; a new one begins with what the latest version says."""
    draft = queries.draft_of(condition)
    latest = queries.published_versions(condition)[:1]
    initial = initial_of(draft, draft=True) if draft else initial_of(latest[0] if latest else None, draft=False)
    form = ConditionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and save_wording(request, condition, form) is not None:
        messages.success(request, _("The draft is saved. Look it through and publish it."))
        return redirect(addresses(condition)["preview"])
    context = {
        "form": form,
        "condition": condition,
        "draft": draft,
        "addresses": addresses(condition),
        "crumbs": _crumbs(condition, condition.network, _("Write")),
    }
    return render(request, "networks/condition_write.html", context)


def save_wording(request: HttpRequest, condition: Condition, form: ConditionForm) -> ConditionVersion | None:
    """Save what a valid form says; None when it was refused, with the reason in the form."""
    seen = seen_at(form.cleaned_data["seen"])
    by, now = cast(User, request.user), timezone.now()
    try:
        return operations.save_draft(condition=condition, wording=form.wording(), by=by, now=now, seen=seen)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def seen_at(text: str) -> datetime | None:
    """When the state that a form began from was saved; None for what no form of ours has sent."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@signed_in
def county_condition_preview(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _preview(request, _of_county(request, country, slug))


@signed_in
def network_condition_preview(request: HttpRequest, slug: str) -> HttpResponse:
    return _preview(request, _of_network(request, slug))


def _preview(request: HttpRequest, condition: Condition) -> HttpResponse:
    """Look the draft through as everyone will see it, and publish it."""
    draft = queries.draft_of(condition)
    if draft is None:
        messages.info(request, _("There is no draft. It was published or thrown away."))
        return redirect(addresses(condition)["read"])
    draft.condition = condition
    networks = queries.networks_under(condition)
    has_members = queries.has_members(networks)
    initial = {"seen": draft.drafted_at.isoformat()}
    form = PublishForm(request.POST or None, initial=initial, has_members=has_members)
    if request.method == "POST" and form.is_valid() and _publish(request, draft, form):
        return redirect(addresses(condition)["read"])
    latest = queries.published_versions(condition)[:1]
    context = {
        "form": form,
        "shown": describe(draft, latest[0] if latest else None),
        "network_count": len(networks),
        "has_members": has_members,
        "addresses": addresses(condition),
        "crumbs": _crumbs(condition, condition.network, _("Look it through")),
    }
    return render(request, "networks/condition_preview.html", context)


def _publish(request: HttpRequest, draft: ConditionVersion, form: PublishForm) -> bool:
    seen = seen_at(form.cleaned_data["seen"]) or LONG_AGO
    by, now = cast(User, request.user), timezone.now()
    date = form.cleaned_data.get("to_be_met_by")
    try:
        operations.publish_draft(version=draft, seen=seen, by=by, now=now, to_be_met_by=date)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The condition is published. All concerned get a mail about it."))
    return True


@signed_in
def county_condition_discard(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _discard(request, _of_county(request, country, slug))


@signed_in
def network_condition_discard(request: HttpRequest, slug: str) -> HttpResponse:
    return _discard(request, _of_network(request, slug))


def _discard(request: HttpRequest, condition: Condition) -> HttpResponse:
    """Throw the draft away. Asks before it does."""
    draft = queries.draft_of(condition)
    if draft is None:
        return redirect(addresses(condition)["read"])
    draft.condition = condition
    if request.method == "POST":
        try:
            seen = seen_at(request.POST.get("seen", "")) or LONG_AGO
            operations.discard_draft(version=draft, seen=seen, by=cast(User, request.user))
            messages.success(request, _("The draft is thrown away."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(addresses(condition)["read"])
    return render(request, "networks/condition_discard.html", {"draft": draft, "addresses": addresses(condition)})
