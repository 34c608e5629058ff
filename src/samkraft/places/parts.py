"""Parts of a country, larger than a county, and what is known of every place: its county and its part."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from . import facts
from .models import Area, AreaKind

# Each part with the codes of its counties: Sweden's three historical lands, Norway's five landsdeler (counties of
# 2024), and Denmark west and east of the Great Belt.
PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "SE": {
        "norrland": ("21", "22", "23", "24", "25"),
        "svealand": ("01", "03", "04", "17", "18", "19", "20"),
        "gotaland": ("05", "06", "07", "08", "09", "10", "12", "13", "14"),
    },
    "NO": {
        "nord_norge": ("18", "55", "56"),
        "trondelag": ("50",),
        "vestlandet": ("11", "15", "46"),
        "ostlandet": ("03", "31", "32", "33", "34", "39", "40"),
        "sorlandet": ("42",),
    },
    "DK": {
        "west": ("1081", "1082", "1083"),
        "east": ("1084", "1085"),
    },
}
NAMES = {
    "norrland": _("Norrland"),
    "svealand": _("Svealand"),
    "gotaland": _("Götaland"),
    "nord_norge": _("Northern Norway"),
    "trondelag": _("Trøndelag"),
    "vestlandet": _("Western Norway"),
    "ostlandet": _("Eastern Norway"),
    "sorlandet": _("Southern Norway"),
    "west": _("west of the Great Belt"),
    "east": _("east of the Great Belt"),
}
_PART_OF = {
    (country, code): part for country, parts in PARTS.items() for part, codes in parts.items() for code in codes
}


def part_of(county: Area) -> str:
    """The key of the part in which a county lies; empty where the country has none."""
    return _PART_OF.get((county.country, county.code), "")


def parts_of(country: str) -> Sequence[tuple[str, str]]:
    """Key and name of a country's parts, from north to south."""
    return [(key, str(NAMES[key])) for key in PARTS.get(country.upper(), {})]


def part_by_county() -> dict[str, str]:
    """The key of the part in which each county lies, by the key of the county."""
    return {county.key: part_of(county) for county in Area.objects.counties().only("key", "country", "code")}


def _counties(country: str) -> Sequence[tuple[str, str]]:
    rows = Area.objects.counties().order_by("name")
    return [(area.key, area.full_name) for area in (rows.in_country(country) if country else rows).defer("outline")]


def _county_of(area: Area) -> Area | None:
    return area if area.kind == AreaKind.COUNTY else area.parent


def _with_counties(ids: Collection[int]) -> dict[int, Area]:
    """The county of each municipality, and of each county itself."""
    rows = Area.objects.exclude(kind=AreaKind.COUNTRY).filter(pk__in=ids)
    areas = rows.select_related("parent").defer("outline", "parent__outline")
    return {area.pk: county for area in areas if (county := _county_of(area)) is not None}


def _county(ids: Collection[int], edition: str) -> Mapping[int, str]:
    return {pk: county.key for pk, county in _with_counties(ids).items()}


def _part(ids: Collection[int], edition: str) -> Mapping[int, str]:
    return {pk: part for pk, county in _with_counties(ids).items() if (part := part_of(county))}


facts.register(facts.Fact("county", _("county"), facts.FactKind.CHOICE, _county, choices=_counties))
facts.register(facts.Fact("part", _("part of the country"), facts.FactKind.CHOICE, _part, choices=parts_of))
