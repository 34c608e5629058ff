"""How many actors each municipality has, as a map and as a list beside it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from samkraft.places import queries as places
from samkraft.places.models import COUNTRY_NAMES, Area
from samkraft.statistics.maps import outline_box
from samkraft.ui import charts

from . import actors

HOMES = {"sv": "SE", "nb": "NO", "da": "DK"}
# The most actors that each class of colour but the last stands for.
LIMITS = (1, 4, 9, 24)
Address = Callable[[Area], str]


def map_of(wanted: actors.Wanted, to_county: Address, to_municipality: Address) -> dict[str, Any]:
    """What the map's template needs: of the county that is asked for, or else of a country.

    A whole country is also drawn by counties, which are large enough for a finger, and listed by them.
    """
    country = wanted.country or HOMES.get(get_language() or "", "SE")
    rows = actors.register(wanted)
    towns = Area.objects.municipalities().in_country(country)
    if wanted.county:
        towns = towns.filter(parent__key=wanted.county)
    shown = list(towns.select_related("parent").defer("parent__outline").order_by("name"))
    counts = actors.counts_by_area(rows, towns)
    whole = not wanted.county
    counties = list(Area.objects.counties().in_country(country).order_by("name")) if whole else []
    by_county = actors.counts_by_area(rows, towns, by_county=True) if whole else {}
    listed = _listed(counties, by_county, to_county) if whole else _listed(shown, counts, to_municipality)
    box = _box(country, shown, whole=whole)
    return {
        "country": country,
        "place": COUNTRY_NAMES[country] if whole else next((area.parent.full_name for area in shown), ""),
        "is_country": whole,
        "found": listed,
        "legend": legend(),
        "large": _drawing("municipality", box, shown, counts, to_municipality),
        "small": _drawing("county", box, counties, by_county, to_county) if whole else "",
    }


def _listed(areas: Sequence[Area], counts: dict[int, int], to: Address) -> list[dict[str, Any]]:
    return [{"area": area, "count": counts[area.pk], "url": to(area)} for area in areas if area.pk in counts]


def class_of(count: int) -> str:
    return f"class-{sum(count > limit for limit in LIMITS) + 1}" if count else "class-zero"


def legend() -> list[tuple[str, str]]:
    """(style class, words) for each class of colour, none first."""
    words = [_("no actors"), "1"]
    words += [f"{low + 1}–{high}" for low, high in pairwise(LIMITS)]
    words.append(_("%(limit)s or more") % {"limit": LIMITS[-1] + 1})
    return list(zip(["class-zero", *(f"class-{n}" for n in range(1, 6))], words, strict=True))


def _drawing(level: str, box: str, shown: Sequence[Area], counts: dict[int, int], to: Address) -> str:
    regions = [_region(area, counts.get(area.pk, 0), to) for area in shown if area.outline]
    if not box or not regions:
        return ""
    return charts.choropleth(
        name=f"map-actors-{level}",
        title=_("Map of actors"),
        description=_("Every area is a link to its actors."),
        view_box=box,
        css=f"map--{level} scale-sequential",
        regions=regions,
    )


def _region(area: Area, count: int, to: Address) -> charts.Region:
    words = ngettext("%(count)s actor", "%(count)s actors", count) % {"count": count}
    return charts.Region(area.outline, class_of(count), area.display_name, words, to(area))


def _box(country: str, shown: Sequence[Area], *, whole: bool) -> str:
    """The country's frame, or the box around a county's municipalities; empty when there is no map."""
    frame = places.map_frame(country)
    boxes = [outline_box(area.outline) for area in shown if area.outline]
    if frame is None or not boxes:
        return ""
    if whole:
        return frame.view_box
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = max(right - left, bottom - top) // 25 + 2
    return f"{left - margin} {top - margin} {right - left + 2 * margin} {bottom - top + 2 * margin}"
