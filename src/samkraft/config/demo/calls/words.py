"""The demo's calls in words, as an organiser would write them. Plain values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samkraft.calls.models import CallKind, Comparison, FeatureSource, Merit, QuestionKind, SeedKind

from .workshop_tale import CAP, EXPERIENCE, LIMITS, SEATS, SIZE_BOUNDS, THRESHOLD

MOTIVATION: dict[str, Any] = {
    "kind": QuestionKind.LONG_TEXT,
    "label": "Varför vill du vara med, och vad bidrar du med?",
    "help_text": "Tre till fem meningar räcker. Skriv inte ditt namn och inte varifrån du kommer.",
    "least": 20,
    "most": 1500,
}
HOW_LONG: dict[str, Any] = {
    "kind": QuestionKind.CHOICE,
    "label": "Hur länge har du arbetat med klimatet?",
    "choices": EXPERIENCE,
}
PROMISE: dict[str, Any] = {
    "kind": QuestionKind.CONSENT,
    "label": "Jag kan vara med alla fyra förmiddagarna.",
    "is_hidden": True,
}
NEEDS: dict[str, Any] = {
    "kind": QuestionKind.TEXT,
    "label": "Behöver du något för att kunna delta, till exempel tolk eller textning?",
    "is_required": False,
    "is_personal": True,
    "is_hidden": True,
    "most": 300,
}
SCALES: tuple[dict[str, Any], ...] = (
    {
        "label": "Vilja och möjlighet att vara med hela vägen",
        "weight": 2,
        "anchors": {"1": "Säger inget om det", "3": "Vill, men har inte avsatt tid", "5": "Har tid, stöd och en plan"},
    },
    {
        "label": "Egna frågor och erfarenheter att dela",
        "weight": 1,
        "anchors": {"1": "Inga", "3": "En fråga", "5": "Frågor och exempel som andra har nytta av"},
    },
)


@dataclass(frozen=True)
class Wording:
    """A call as it is written. `limits` are criterion, value, at least, at most; `rules` fact, comparison, value."""

    kind: str
    title: str
    fields: Mapping[str, Any]
    questions: Sequence[Mapping[str, Any]]
    criteria: Sequence[str] = ()
    scales: Sequence[Mapping[str, Any]] = ()
    limits: Sequence[tuple[str, str, int, int | None]] = ()
    rules: Sequence[tuple[str, str, Any]] = field(default_factory=tuple)


def workshop(title: str) -> Wording:
    """Four mornings with fifty places: motivation is a threshold, and those who come are mixed in four ways."""
    return Wording(
        kind=CallKind.WORKSHOP,
        title=title,
        fields={
            "summary": "Fyra förmiddagar på nätet, där du och andra från hela landet tar fram förslag på hur en kommun "
            "minskar sina utsläpp. Det kostar inget.",
            "offer": "<p>Du arbetar i en liten grupp med någon som håller ihop samtalet. Ni väljer själva vad som är "
            "svårt, och hjälps åt att lösa det. Emellanåt får ni kortare föredrag.</p>"
            "<ul><li>Fyra förmiddagar, klockan 9 till 13</li><li>Grupper på fem eller sex</li>"
            "<li>Förslagen delas med alla kommuner efteråt</li></ul>",
            "organiser_name": "Demo Nätverket",
            "seats": SEATS,
            "municipality_cap": CAP,
            "size_bounds": SIZE_BOUNDS,
            "merit": Merit.THRESHOLD,
            "merit_threshold": THRESHOLD,
            "reviews_wanted": 1,
            "hides_municipality": True,
            "answer_days": 60,
            "seed_kind": SeedKind.PUBLIC,
            "seed_source": "En påhittad lottorad, eftersom det här är ett exempel",
        },
        questions=(MOTIVATION, HOW_LONG, PROMISE, NEEDS),
        criteria=(FeatureSource.SECTOR, "experience", FeatureSource.PART, FeatureSource.SIZE),
        scales=SCALES,
        limits=LIMITS,
    )


def programme(title: str, *, most: int) -> Wording:
    """Coaching for a year and a half, for small municipalities, of which each applies once."""
    return Wording(
        kind=CallKind.PROGRAMME,
        title=title,
        fields={
            "summary": "Ett och ett halvt års stöd till mindre kommuner som vill komma igång med en klimatstrategi.",
            "offer": "<p>Kommunen får en egen klimatcoach, en genomgång av vad som behövs hos er, en annan kommun att "
            "fråga, och 50 000 kronor till utredningar eller åtgärder.</p><p>Kommunstyrelsen skriver under en "
            "avsiktsförklaring, och kommunen lägger in lika mycket av egna medel.</p>",
            "organiser_name": "Demo Nätverket",
            "seats": 12,
            "size_bounds": [5_000, 10_000],
            "merit": Merit.NONE,
            "seed_kind": SeedKind.TWO_PEOPLE,
        },
        questions=(
            {
                "kind": QuestionKind.LONG_TEXT,
                "label": "Vad vill kommunen ha uppnått när programmet är slut?",
                "help_text": "Skriv vad som ska vara på plats, inte vad ni ska utreda.",
                "most": 2000,
            },
            {"kind": QuestionKind.TEXT, "label": "Vem leder arbetet, i vilken roll?", "most": 200, "is_personal": True},
            {
                "kind": QuestionKind.CONSENT,
                "label": "Kommunstyrelsen är beredd att skriva under avsiktsförklaringen.",
            },
        ),
        criteria=(FeatureSource.SIZE,),
        rules=(("population", Comparison.AT_MOST, most),),
    )


def journey(title: str) -> Wording:
    """Twelve places on a journey, of whose applications the review is under way."""
    return Wording(
        kind=CallKind.WORKSHOP,
        title=title,
        fields={
            "summary": "Tre dagar med tåg till kommuner som har kommit långt, för dig som ska göra detsamma hemma.",
            "offer": "<p>Vi ser på fjärrvärme av spillvärme, en stadsplan som gör bilen onödig och ett lantbruk som "
            "lagrar kol. På tåget hem skriver var och en sin egen plan.</p>",
            "organiser_name": "Västra Götalands län (demo)",
            "seats": 12,
            "municipality_cap": 1,
            "size_bounds": SIZE_BOUNDS,
            "merit": Merit.THRESHOLD,
            "merit_threshold": "2.50",
            "reviews_wanted": 2,
            "seed_kind": SeedKind.TWO_PEOPLE,
        },
        questions=(MOTIVATION, HOW_LONG),
        criteria=(FeatureSource.PART, "experience"),
        scales=SCALES,
        limits=(("part", "norrland", 1, None), ("part", "svealand", 3, None), ("part", "gotaland", 4, None)),
    )
