"""Finding the areas that a publisher's rows speak of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from samkraft.places.models import Area, AreaKind

from ..formats import Candidate, EmissionRow, FormatError, NameNotMatched, match_municipality

Row = TypeVar("Row")


class KnownAreas:
    """The areas of a country by key, code and name; each spelling is looked for once."""

    def __init__(self, country: str) -> None:
        areas = list(Area.objects.in_country(country).defer("outline").select_related("parent"))
        self.country = country
        self.by_key = {area.key: area for area in areas}
        self.municipalities = {area.key for area in areas if area.kind == AreaKind.MUNICIPALITY}
        self._candidates = {
            kind: [Candidate(a.key, a.name, _county(a), (a.full_name,)) for a in areas if a.kind == kind]
            for kind in (AreaKind.MUNICIPALITY, AreaKind.COUNTY)
        }
        self._found: dict[tuple[str, str, str | None], str] = {}

    def key_of(self, row: EmissionRow) -> str:
        """The area's key; NameNotMatched when there is none."""
        if row.level == "country":
            return self.country
        if row.area_code is not None:
            return self.key_of_code(row.area_code, row.area_name)
        return self.key_of_name(row.area_name, row.level, row.county_name)

    def key_of_code(self, code: str, name: str) -> str:
        key = f"{self.country}-{code}"
        if key not in self.by_key:
            raise NameNotMatched(f"{code} {name}")
        return key

    def key_of_name(self, name: str, level: str = AreaKind.MUNICIPALITY, county: str | None = None) -> str:
        spelling = (name, level, county)
        if spelling not in self._found:
            self._found[spelling] = match_municipality(name, county, self._candidates[AreaKind(level)]).key
        return self._found[spelling]

    def check_complete(self, areas: set[str], *, file: str, partial: bool) -> None:
        """A national publisher's file has every municipality; a part of it is taken only when that is said."""
        there = areas & self.municipalities
        if not there:
            raise FormatError("expected figures of municipalities, found none", file=file)
        if partial or there == self.municipalities:
            return
        missing = sorted(self.municipalities - there)
        names = ", ".join(self.by_key[key].name for key in missing[:3])
        raise FormatError(
            f"expected all {len(self.municipalities)} municipalities, found {len(there)}; missing are {names}"
            f"{' and others' if len(missing) > 3 else ''} (add --partial to take the file as it is)",
            file=file,
        )


def _county(area: Area) -> str:
    return area.parent.full_name if area.kind == AreaKind.MUNICIPALITY and area.parent else ""


@contextmanager
def placed(error: Callable[[str, Row], FormatError], row: Row) -> Iterator[None]:
    """An area that is not found inside becomes the table's own error, which says in which row it stands."""
    try:
        yield
    except NameNotMatched as unknown:
        raise error(str(unknown), row) from unknown
