"""What is read about newspaper areas: lists of them, who may draw, what changed over time, and their maps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rules
from django.apps import apps
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from samkraft.people.models import Membership, Role
from samkraft.places.models import Area, AreaKind, Neighbour, NewspaperArea
from samkraft.statistics.maps import outline_box
from samkraft.ui import charts

from ..models import Network


def listed(country: str, county: Area | None) -> QuerySet[NewspaperArea]:
    """Newspaper areas in use in a country, or those that reach into one of its counties, with municipalities."""
    inside = Area.objects.select_related("parent").defer("outline", "parent__outline").order_by("parent__name", "name")
    areas = NewspaperArea.objects.in_country(country).in_use()
    if county is not None:
        areas = areas.reaching(county)
    return areas.prefetch_related(Prefetch("municipalities", inside, to_attr="places"))


def counties(country: str) -> QuerySet[Area]:
    return Area.objects.counties().in_country(country).defer("outline").order_by("name")


def networks_by_area(areas: Iterable[NewspaperArea]) -> dict[int, Network]:
    """The network of each newspaper area that has one, for a whole list at once."""
    networks = Network.objects.open().filter(newspaper_area__in=[area.pk for area in areas])
    return {network.newspaper_area_id: network for network in networks if network.newspaper_area_id}


def counties_of(municipalities: Iterable[Area]) -> list[Area]:
    """The counties that municipalities lie in, each once, with the country above."""
    ids = {area.parent_id for area in municipalities}
    return list(Area.objects.filter(pk__in=ids).select_related("parent").defer("outline", "parent__outline"))


def may_draw(user: Any, reached: Iterable[Area]) -> bool:
    """Whether the person may draw in one of these counties."""
    return any(rules.test_rule("networks.draws_in", user, county) for county in reached)


def draws_somewhere(user: Any, country: str) -> bool:
    """Whether the person may draw in any county of the country."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    kinds = [AreaKind.COUNTY, AreaKind.COUNTRY]
    roles = Membership.objects.active().of(user).filter(role=Role.COORDINATOR, area__kind__in=kinds)
    return bool(user.is_steward) or roles.filter(area__country=country.upper()).exists()


@dataclass(frozen=True)
class Version:
    """A newspaper area as somebody left it: what it was like then, who and when."""

    at: datetime
    by: str
    is_by_a_person: bool
    name: str
    newspaper: str
    url: str
    is_confirmed: bool
    is_ended: bool
    municipalities: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What one person changed, as whole sentences."""

    at: datetime
    by: str
    sentences: list[str]


def changes_of(area: NewspaperArea) -> list[Change]:
    """What people did to a newspaper area, the latest first. The guess that it began with is no change."""
    versions = _versions(area)
    found = []
    for index, version in enumerate(versions):
        sentences = _sentences(versions[index - 1] if index else None, version)
        if sentences and version.is_by_a_person:
            found.append(Change(version.at, version.by, sentences))
    return found[::-1]


def _versions(area: NewspaperArea) -> list[Version]:
    # Made by `records`, which keeps the history of what is edited by hand; the classes have no module to import from.
    kept = apps.get_model("records", "HistoricalNewspaperArea").objects.filter(id=area.pk)
    rows = list(kept.select_related("history_user").order_by("history_date", "history_id"))
    inside: dict[int, list[str]] = {row.pk: [] for row in rows}
    links = apps.get_model("records", "HistoricalNewspaperArea_municipalities").objects.filter(history__in=list(inside))
    for link in links.select_related("area"):
        inside[link.history_id].append(link.area.name)
    return [
        Version(
            at=row.history_date,
            by=row.history_user.name if row.history_user else "",
            is_by_a_person=row.history_user_id is not None,
            name=row.name,
            newspaper=row.newspaper,
            url=row.url,
            is_confirmed=row.confirmed_on is not None,
            is_ended=row.ended_on is not None,
            municipalities=tuple(sorted(inside[row.pk])),
        )
        for row in rows
    ]


def _sentences(before: Version | None, after: Version) -> list[str]:
    told = []
    if before is None or before.municipalities != after.municipalities:
        told += _municipalities_said(before.municipalities if before else (), after.municipalities)
    if before is not None:
        if before.name != after.name:
            told.append(_("The name was %(old)s and became %(new)s.") % {"old": before.name, "new": after.name})
        if before.newspaper != after.newspaper:
            words = {"old": before.newspaper, "new": after.newspaper}
            told.append(_("The newspaper was %(old)s and became %(new)s.") % words)
        if before.url != after.url:
            told.append(_("The link became %(url)s.") % {"url": after.url} if after.url else _("The link was removed."))
    if after.is_confirmed and not (before and before.is_confirmed):
        told.append(_("The area was confirmed."))
    if before and before.is_confirmed and not after.is_confirmed:
        told.append(_("The area counts as a guess again."))
    if after.is_ended and not (before and before.is_ended):
        told.append(_("The area was taken out of use."))
    if before and before.is_ended and not after.is_ended:
        told.append(_("The area was taken into use again."))
    return told


def _municipalities_said(before: Sequence[str], after: Sequence[str]) -> list[str]:
    added, gone = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    if not before:
        return [_("The area was drawn with %(places)s.") % {"places": ", ".join(added)}] if added else []
    told = []
    if added:
        told.append(_("Added: %(places)s.") % {"places": ", ".join(added)})
    if gone:
        told.append(_("Removed: %(places)s.") % {"places": ", ".join(gone)})
    return told


def drawing(area: NewspaperArea, municipalities: Sequence[Area]) -> str:
    """A map of the area and of the municipalities around it; empty where no outline is known."""
    boxes = [outline_box(place.outline) for place in municipalities if place.outline]
    if not boxes:
        return ""
    ids = [place.pk for place in municipalities]
    around = Area.objects.filter(pk__in=Neighbour.objects.filter(area__in=ids).values("neighbour")).exclude(pk__in=ids)
    words = _("outside the area")
    regions = [
        *(charts.Region(place.outline, "is-around", place.name, words, "") for place in around),
        *(
            charts.Region(place.outline, "is-inside", place.name, _("in the area"), place.get_absolute_url())
            for place in municipalities
        ),
    ]
    return charts.choropleth(
        name="map-newspaper",
        title=_("Map of %(place)s") % {"place": area.name},
        description=_("The municipalities of the newspaper's area, each a link to its page, with those around it."),
        view_box=_view_box(boxes),
        css="map--newspaper",
        regions=[region for region in regions if region.path],
    )


def _view_box(boxes: Sequence[tuple[int, int, int, int]]) -> str:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = max(right - left, bottom - top) // 6 + 10
    return f"{left - margin} {top - margin} {right - left + 2 * margin} {bottom - top + 2 * margin}"
