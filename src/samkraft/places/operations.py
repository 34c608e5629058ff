"""Writes about places."""

from collections.abc import Callable

from django.db import transaction

from samkraft.ui.page_cache import SITE, changed

from . import rules
from .bulk import insert_rows
from .models import Area, AreaKind, MapFrame, NameKind, Neighbour, NewspaperArea, PlaceName, SimilarArea
from .reference_tables import rows

TABLES = (
    "areas.csv",
    "neighbours.csv",
    "similar.csv",
    "outlines.csv",
    "outlines_frame.csv",
    "postcodes.csv",
    "newspaper_areas.csv",
)
_LEVELS = (AreaKind.COUNTRY, AreaKind.COUNTY, AreaKind.MUNICIPALITY)


@transaction.atomic
def load_places(*, progress: Callable[[str], None]) -> None:
    """Load areas, their borders and the names people find them by; what is there already is brought up to date."""
    progress("Areas")
    ids = _load_areas()
    progress("Neighbours and similar municipalities")
    _load_relations(ids)
    progress("Localities and postcodes")
    _load_names(ids)
    progress("Newspapers")
    _load_newspaper_areas(ids)
    changed(SITE)


@transaction.atomic
def add_area(*, country: str, code: str, name: str) -> Area:
    """Add a county or municipality that an official list of codes names; its outline and centre are not known."""
    county = len(code) == 2
    above = country if county else rules.area_key(country, code[:2])
    slug = rules.slug(name)
    if Area.objects.filter(country=country, slug=slug).exists():
        slug = f"{slug}-{code}"
    area = Area.objects.create(
        key=rules.area_key(country, code),
        country=country,
        code=code,
        kind=AreaKind.COUNTY if county else AreaKind.MUNICIPALITY,
        parent=Area.objects.get(key=above),
        name=name,
        full_name=name,
        slug=slug,
    )
    PlaceName.objects.create(area=area, kind=NameKind.NAME, text=name, folded=rules.fold(name))
    changed(SITE)
    return area


@transaction.atomic
def rename_area(*, area: Area, name: str) -> None:
    """Give an area its new official name; it is found by the old one too, and keeps its address."""
    area.name = area.full_name = name
    area.save(update_fields=["name", "full_name"])
    PlaceName.objects.get_or_create(area=area, kind=NameKind.NAME, text=name, defaults={"folded": rules.fold(name)})
    changed(SITE)


def _load_areas() -> dict[str, int]:
    outlines = {row["key"]: row["path"] for row in rows("outlines.csv")}
    table = list(rows("areas.csv"))
    ids: dict[str, int] = {}
    for level in _LEVELS:
        Area.objects.bulk_create(
            [
                Area(
                    key=row["key"],
                    country=row["country"],
                    code=row["code"],
                    kind=level,
                    parent_id=ids.get(row["parent"]),
                    name=row["name"],
                    full_name=row["full_name"],
                    slug=row["slug"],
                    latitude=float(row["lat"]),
                    longitude=float(row["lon"]),
                    outline=outlines.get(row["key"], ""),
                )
                for row in table
                if row["kind"] == level
            ],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["name", "full_name", "slug", "latitude", "longitude", "outline", "parent"],
        )
        ids = dict(Area.objects.values_list("key", "pk"))
    MapFrame.objects.all().delete()
    MapFrame.objects.bulk_create(
        MapFrame(country=row["country"], **{side: int(row[side]) for side in ("min_x", "min_y", "width", "height")})
        for row in rows("outlines_frame.csv")
    )
    return ids


def _load_relations(ids: dict[str, int]) -> None:
    Neighbour.objects.all().delete()
    Neighbour.objects.bulk_create(
        Neighbour(area_id=ids[one], neighbour_id=ids[other])
        for row in rows("neighbours.csv")
        for one, other in ((row["key"], row["neighbour"]), (row["neighbour"], row["key"]))
    )
    SimilarArea.objects.all().delete()
    SimilarArea.objects.bulk_create(
        SimilarArea(area_id=ids[row["key"]], similar_id=ids[row["similar"]], position=int(row["position"]))
        for row in rows("similar.csv")
    )


def _load_names(ids: dict[str, int]) -> None:
    names: dict[tuple[int, str, str], None] = {}
    for row in rows("areas.csv"):
        others = [name.strip() for name in row["other_names"].split(";") if name.strip()]
        for name in (row["name"], row["full_name"], *others):
            names[ids[row["key"]], NameKind.NAME, name] = None
    for row in rows("postcodes.csv"):
        names[ids[row["key"]], NameKind.POSTCODE, row["postcode"]] = None
        names[ids[row["key"]], NameKind.LOCALITY, row["locality"]] = None
    # Areas that an official list of codes added later are in no table, and keep their names.
    PlaceName.objects.filter(area__in={pk for pk, _, _ in names}).delete()
    insert_rows(
        PlaceName,
        ("area", "kind", "text", "folded"),
        ((pk, kind, text, rules.fold(text)) for pk, kind, text in names),
    )


def _load_newspaper_areas(ids: dict[str, int]) -> None:
    """Guesses at where newspapers are read. What a person has confirmed, changed or ended is left as it is."""
    table = {(row["country"], row["slug"]): row for row in rows("newspaper_areas.csv")}
    names = set(NewspaperArea.objects.values_list("country", "name"))
    there = set(NewspaperArea.objects.values_list("country", "slug"))
    NewspaperArea.objects.bulk_create(
        NewspaperArea(country=country, slug=slug, name=row["newspaper"], newspaper=row["newspaper"])
        for (country, slug), row in table.items()
        if (country, slug) not in there and (country, row["newspaper"]) not in names
    )
    guessed = {
        (area.country, area.slug): area.pk
        for area in NewspaperArea.objects.filter(changed_at=None, confirmed_on=None, ended_on=None)
    }
    inside = NewspaperArea.municipalities.through
    inside.objects.filter(newspaperarea__in=[guessed[key] for key in table if key in guessed]).delete()
    inside.objects.bulk_create(
        inside(newspaperarea_id=guessed[key], area_id=ids[code])
        for key, row in table.items()
        if key in guessed
        for code in row["keys"].split()
    )
