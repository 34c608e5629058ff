"""The demo's calls: a workshop that is drawn and announced, a programme that is open, a journey in review.

Everything is done by the same operations as on the pages, with the clock passed in. All who apply are demo people.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from samkraft.calls.models import Call
from samkraft.calls.operations import applications, applications_sending, publishing, reviews
from samkraft.calls.rules.answers import Typed
from samkraft.people.models import User
from samkraft.places import facts
from samkraft.places.models import Area, AreaKind

from ..cast import Cast, the_cast
from . import acts, words
from .opening import open_call

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WORKSHOP = "Klimatverkstad (demo)"
PROGRAMME = "Klimatcoachning för mindre kommuner (demo)"
JOURNEY = "Tågresa till kommuner som har ställt om (demo)"
NUMBER = "4 9 13 21 27 30 34"
MOST_INHABITANTS = 25_000


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Tell the calls' tales up to `now`. Returns False, and does nothing, where they have been told or cannot be."""
    if Call.objects.filter(is_demo=True).exists() or not Area.objects.filter(key="SE-1493").exists():
        return False
    cast = the_cast()
    _workshop(cast, now)
    _programme(cast, now)
    _journey(cast, now)
    return True


def _midnight(now: datetime, days: int) -> datetime:
    """One minute before the end of a day in Sweden, so many days from now."""
    day = (now + timedelta(days=days)).astimezone(STOCKHOLM).date()
    return datetime.combine(day, time(23, 59), STOCKHOLM)


def _workshop(cast: Cast, now: datetime) -> None:
    """Ninety-eight applied for fifty places; it is drawn and announced, and four places have gone to others."""
    opens_at, closes_at = now - timedelta(days=90), _midnight(now, -60)
    reviewers = [cast.editor, cast.contact, cast.politician]
    call = open_call(
        wording=words.workshop(WORKSHOP), area=Area.objects.get(key="SE"), by=cast.steward,
        organisers=[cast.coordinator], reviewers=reviewers, opens_at=opens_at, closes_at=closes_at,
        now=opens_at - timedelta(days=2),
    )  # fmt: skip
    acts.apply(call=call, people=acts.the_applicants(), word="demo", since=opens_at, until=closes_at)
    publishing.close_due(now=closes_at)
    _judged(call, cast.coordinator, reviewers, closes_at)
    acts.draw(
        call=call, number=NUMBER, by=cast.coordinator,
        committed_at=now - timedelta(days=40), drawn_at=now - timedelta(days=36),
    )  # fmt: skip
    acts.announce(call=call, by=cast.coordinator, now=now - timedelta(days=33))
    acts.decline(call=call, how_many=4, now=now - timedelta(days=30))
    acts.accept(call=call, how_many=44, now=now - timedelta(days=29))


def _judged(call: Call, by: User, reviewers: list[User], closes_at: datetime, but: int = 0) -> None:
    """Shared out the day after the deadline; each reviewer reads a week later, but not the last few."""
    reviews.share_out(call=call, by=by, now=closes_at + timedelta(days=1))
    for place, reviewer in enumerate(reviewers):
        acts.judge(call=call, reviewer=reviewer, place=place, but=but, now=closes_at + timedelta(days=7))


def _programme(cast: Cast, now: datetime) -> None:
    """Open for three weeks more. Some municipalities have applied, and Mariestad's officer has begun."""
    opens_at, closes_at = now - timedelta(days=16), _midnight(now, 21)
    edition = _newest_population()
    call = open_call(
        wording=words.programme(PROGRAMME, most=MOST_INHABITANTS), area=Area.objects.get(key="SE-14"),
        by=cast.coordinator, organisers=[cast.steward], opens_at=opens_at, closes_at=closes_at,
        now=opens_at - timedelta(hours=3), edition=edition,
    )  # fmt: skip
    goal = "En klimatstrategi som fullmäktige har antagit, och en ansvarig för varje åtgärd i den."
    long, leader, promise = call.questions.all()
    for number, key in enumerate(_small_municipalities(edition), start=1):
        acts.apply_for(
            call=call, place=key, number=number, word="demo.kommun",
            answers={long.pk: goal, leader.pk: "Demo Person, utvecklingschef", promise.pk: "yes"},
            now=opens_at + timedelta(days=number),
        )  # fmt: skip
    begun_at = now - timedelta(days=2)
    begun = applications.begin_as_reader(call=call, user=cast.officer, now=begun_at)
    known = Typed.of(begun.working)
    typed = Typed(
        name=known.name, place=known.place, role=known.role, sector=known.sector,
        answers={long.pk: "Att energiplanen och klimatmålen är en och samma plan."},
    )  # fmt: skip
    applications_sending.save(application=begun, typed=typed, now=begun_at + timedelta(minutes=12))


def _newest_population() -> str:
    editions = facts.named("population").editions
    return editions("SE")[0][0] if editions else ""


def _small_municipalities(edition: str) -> list[str]:
    """Nine municipalities that may apply, spread over the country."""
    areas = dict(Area.objects.filter(country="SE", kind=AreaKind.MUNICIPALITY).values_list("pk", "key"))
    counts = facts.values("population", list(areas), edition)
    small = sorted(areas[pk] for pk, count in counts.items() if count <= MOST_INHABITANTS and areas[pk] != "SE-1493")
    return small[10 :: len(small) // 8][:9]


def _journey(cast: Cast, now: datetime) -> None:
    """In review: one reviewer has read a part and the other has some left."""
    opens_at, closes_at = now - timedelta(days=45), _midnight(now, -15)
    reviewers = [cast.editor, cast.contact]
    call = open_call(
        wording=words.journey(JOURNEY), area=Area.objects.get(key="SE-14"), by=cast.coordinator,
        organisers=[cast.steward], reviewers=reviewers, opens_at=opens_at, closes_at=closes_at,
        now=opens_at - timedelta(days=1),
    )  # fmt: skip
    acts.apply(call=call, people=acts.the_applicants()[:16], word="demo.resa", since=opens_at, until=closes_at)
    publishing.close_due(now=closes_at)
    _judged(call, cast.coordinator, reviewers, closes_at, but=6)
