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
Address = Callable[..., str]


def map_of(wanted: actors.Wanted, address: Address) -> dict[str, Any]:
    """What the map's template needs: of the county that is asked for, or else of a country.

    `address` makes the register's address, narrowed by the filters that it is given.
    """
    country = wanted.country or HOMES.get(get_language() or "", "SE")
    rows = actors.register(wanted)
    towns = Area.objects.municipalities().in_country(country).select_related("parent").defer("parent__outline")
    if wanted.county:
        towns = towns.filter(parent__key=wanted.county)
    counts = actors.counts_by_municipality(rows, towns)
    shown = list(towns.order_by("name"))

    def to_list(area: Area) -> str:
        return address(country=country, county=area.parent.key, municipality=area.key)

    found = [{"area": area, "count": counts[area.pk], "url": to_list(area)} for area in shown if area.pk in counts]
    return {
        "country": country,
        "place": next((area.parent.full_name for area in shown if wanted.county), COUNTRY_NAMES[country]),
        "found": found,
        "legend": legend(),
        "drawing": _drawing(country, shown, counts, to_list, whole=not wanted.county),
        "countries": [(code, name) for code, name in COUNTRY_NAMES.items()],
    }


def class_of(count: int) -> str:
    return f"class-{sum(count > limit for limit in LIMITS) + 1}" if count else "class-zero"


def legend() -> list[tuple[str, str]]:
    """(style class, words) for each class of colour, none first."""
    words = [_("no actors"), "1"]
    words += [f"{low + 1}–{high}" for low, high in pairwise(LIMITS)]
    words.append(_("%(limit)s or more") % {"limit": LIMITS[-1] + 1})
    return list(zip(["class-zero", *(f"class-{n}" for n in range(1, 6))], words, strict=True))


def _drawing(
    country: str, shown: Sequence[Area], counts: dict[int, int], to_list: Callable[[Area], str], *, whole: bool
) -> str:
    frame = places.map_frame(country)
    regions = [
        charts.Region(
            area.outline,
            class_of(counts.get(area.pk, 0)),
            area.name,
            ngettext("%(count)s actor", "%(count)s actors", counts.get(area.pk, 0)) % {"count": counts.get(area.pk, 0)},
            to_list(area),
        )
        for area in shown
        if area.outline
    ]
    if frame is None or not regions:
        return ""
    return charts.choropleth(
        name="map-actors",
        title=_("Map of actors by municipality"),
        description=_("Every municipality is a link to its actors."),
        view_box=frame.view_box if whole else _around(shown),
        css="map--municipality scale-sequential",
        regions=regions,
    )


def _around(shown: Sequence[Area]) -> str:
    boxes = [outline_box(area.outline) for area in shown if area.outline]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = max(right - left, bottom - top) // 25 + 2
    return f"{left - margin} {top - margin} {right - left + 2 * margin} {bottom - top + 2 * margin}"
