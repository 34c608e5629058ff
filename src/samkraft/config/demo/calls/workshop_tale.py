"""Who applies to the workshop of the tale, from where and with which answers. Plain values, no database.

Ninety-eight demo people from real municipalities all over Sweden. Everything follows from their numbers and from the
order of the municipalities, so that the demo and the stories tell the same, again and again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from samkraft.calls.models import ApplicantRole
from samkraft.people.models import Sector

HOW_MANY, SEATS, CAP = 98, 50, 2
# So many come from each of the largest municipalities, of the next ones, and of those in between.
FROM_THE_LARGEST, LARGEST = 4, 5
FROM_THE_NEXT, NEXT = 3, 4
SIZE_BOUNDS = [15_000, 50_000]
THRESHOLD = "2.50"
NEW, USED = "new", "used"
EXPERIENCE = [
    {"value": NEW, "label": "Jag är ny i klimatarbetet"},
    {"value": USED, "label": "Jag har arbetat i flera år"},
]

_SECTORS = {
    Sector.CLIMATE_ENVIRONMENT: 30,
    Sector.PLANNING: 22,
    Sector.TECHNICAL: 13,
    Sector.EDUCATION: 10,
    Sector.HEALTH_CARE: 9,
    Sector.AGRICULTURE: 7,
    Sector.SPORT_CULTURE: 7,
}
# How many convince the reviewers how well, from 5 points to 1.
_STRENGTHS = {5: 22, 4: 30, 3: 24, 2: 15, 1: 7}
_EXPERIENCES = {USED: 58, NEW: 40}
_ROLES = {ApplicantRole.EMPLOYEE: 84, ApplicantRole.ELECTED: 14}

# The limits on those who are chosen: criterion, value, at least, at most.
LIMITS: tuple[tuple[str, str, int, int | None], ...] = (
    ("sector", Sector.CLIMATE_ENVIRONMENT, 10, 15),
    ("sector", Sector.PLANNING, 8, 12),
    ("sector", Sector.TECHNICAL, 5, 9),
    ("sector", Sector.EDUCATION, 4, 8),
    ("sector", Sector.HEALTH_CARE, 4, 8),
    ("sector", Sector.AGRICULTURE, 3, 6),
    ("sector", Sector.SPORT_CULTURE, 3, 6),
    ("experience", NEW, 20, 25),
    ("experience", USED, 25, 30),
    ("part", "norrland", 6, 12),
    ("part", "svealand", 14, 22),
    ("part", "gotaland", 16, 24),
    ("size", "1", 14, 22),
    ("size", "2", 12, 20),
    ("size", "3", 12, 20),
)

_WORK = {
    Sector.CLIMATE_ENVIRONMENT: "Jag håller ihop kommunens arbete med klimatet",
    Sector.PLANNING: "Jag skriver planer för mark och bebyggelse",
    Sector.TECHNICAL: "Jag ansvarar för gator, fordon och värme",
    Sector.EDUCATION: "Jag leder förskolor och skolor",
    Sector.HEALTH_CARE: "Jag arbetar i hemtjänsten, med resor hela dagen",
    Sector.AGRICULTURE: "Jag ger råd till gårdarna i trakten",
    Sector.SPORT_CULTURE: "Jag driver badhuset och biblioteken",
}
_CARES = (
    "och vill se hur andra får besluten att gälla även i vardagen.",
    "och vill att budgeten och utsläppen läggs på samma bord.",
    "och har märkt att målen sällan når dem som gör jobbet.",
    "och vill pröva hur de som bor här kan vara med från början.",
)
_PROMISES = {
    5: "Jag är med alla fyra förmiddagarna, har chefens ord på det, och tar med två fall från oss att bygga vidare på.",
    4: "Jag har avsatt tiden och berättar gärna om det som gick snett för oss.",
    3: "Jag räknar med att kunna vara med större delen av tiden.",
    2: "Det låter intressant, och jag kommer om det går.",
    1: "Jag anmäler mig för säkerhets skull.",
}


@dataclass(frozen=True)
class Applicant:
    """A demo person: `place` is the key of a municipality; `strength` is how well they convince, from 1 to 5."""

    number: int
    place: str
    role: str
    sector: str
    experience: str
    strength: int

    @property
    def name(self) -> str:
        return f"Demo Person {self.number}"

    @property
    def motivation(self) -> str:
        care = _CARES[self.number % len(_CARES)]
        return f"{_WORK[Sector(self.sector)]} {care} {_PROMISES[self.strength]}"


def applicants(inhabitants: Mapping[str, int]) -> list[Applicant]:
    """All who apply, in the order in which they do. `inhabitants` are those of each municipality, by its key."""
    homes = _dealt("home", _homes(inhabitants))
    dealt = {
        "role": _dealt("role", _held_by(_ROLES)),
        "sector": _dealt("sector", _held_by(_SECTORS)),
        "experience": _dealt("experience", _held_by(_EXPERIENCES)),
        "strength": _dealt("strength", _held_by(_STRENGTHS)),
    }
    return [
        Applicant(number=place + 1, place=homes[place], **{name: values[place] for name, values in dealt.items()})
        for place in range(HOW_MANY)
    ]


def points(applicant: Applicant, reviewer: int, scale: int) -> int:
    """The points that the reviewer of this number gives: by how well the applicant convinces, one off now and then."""
    off = (applicant.number + 2 * reviewer + 3 * scale) % 5
    return min(5, max(1, applicant.strength + {0: -1, 3: 1}.get(off, 0)))


def _homes(inhabitants: Mapping[str, int]) -> list[str]:
    """The municipality of each: several from the largest and from the next, one from each of those in between."""
    by_size = sorted(inhabitants, key=lambda key: (-inhabitants[key], key))
    several = by_size[:LARGEST] * FROM_THE_LARGEST + by_size[LARGEST : LARGEST + NEXT] * FROM_THE_NEXT
    others = sorted(set(inhabitants) - set(several))
    wanted = HOW_MANY - len(several)
    return several + [others[place * len(others) // wanted] for place in range(wanted)]


def _held_by(shares: Mapping[Any, int]) -> list[Any]:
    return [value for value, share in shares.items() for _ in range(share)]


def _dealt(what: str, values: Sequence[Any]) -> list[Any]:
    """The values in an order that looks like chance and is the same everywhere: by the digests of their places."""
    order = sorted(range(len(values)), key=lambda place: sha256(f"{what} {place}".encode()).digest())
    return [values[place] for place in order]
