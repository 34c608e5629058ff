"""Finding the municipality that a publisher's spelling means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .sectors import tidy

_KIND = re.compile(r" (kommuna?|kommune|stad|län|fylke|region)$")
_REGION = re.compile(r"^region ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A municipality that a name may mean."""

    key: str  # country and code, SE-1493
    name: str
    county: str = ""
    other_names: tuple[str, ...] = ()


class NameNotMatched(Exception):
    """No municipality, or more than one, bears the name; `str(error)` says which as part of a sentence."""

    def __init__(self, name: str, *, nearest: str = "", counties: tuple[str, ...] = ()) -> None:
        self.name = name
        self.nearest = nearest
        self.counties = counties
        super().__init__(name)

    def __str__(self) -> str:
        if self.counties:
            return f"expected the county of “{self.name}”, which lies in {' and '.join(self.counties)}"
        near = f" (nearest: “{self.nearest}”)" if self.nearest else ""
        return f"expected a known municipality, found “{self.name}”{near}"


def match_municipality(name: str, county: str | None, candidates: Iterable[Candidate]) -> Candidate:
    """The one candidate that bears the name; `county` (or None) decides between two of the same name.

    Letter case, spaces, a final "kommun(e)", "stad", "län" or "fylke" and the genitive s before it do not
    matter: "Mariestads kommun" is Mariestad, "Borås stad" Borås. The plainest reading wins.
    Raises NameNotMatched.
    """
    pool = list(candidates)
    for spelling in _readings(name):
        found = [c for c in pool if spelling in {_fold(c.name), *map(_fold, c.other_names)}]
        if county is not None and found:
            inside = [c for c in found if _same_county(county, c.county)]
            found = inside or [c for c in found if not c.county]
        if len(found) == 1:
            return found[0]
        if found:
            raise NameNotMatched(name, counties=tuple(sorted(c.county for c in found)))
    by_fold = {_fold(candidate.name): candidate.name for candidate in pool}
    close = difflib.get_close_matches(_fold(name), by_fold, n=1, cutoff=0.6)
    raise NameNotMatched(name, nearest=by_fold[close[0]] if close else "")


def _fold(text: str) -> str:
    return tidy(text).casefold().replace("‑", "-").replace("–", "-")


def _readings(name: str) -> Iterator[str]:
    """The ways to read a name, from plain to stripped."""
    plain = _fold(name)
    yield plain
    bare = _REGION.sub("", _KIND.sub("", plain))
    if bare != plain:
        yield bare
        if bare.endswith("s"):
            yield bare[:-1]


def _same_county(found: str, known: str) -> bool:
    return not set(_readings(found)).isdisjoint(_readings(known))
