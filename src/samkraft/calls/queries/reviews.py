"""The review of a call's applications: who reads what, how far they have come, and what keeps people apart."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from samkraft.networks.models import ActorPerson
from samkraft.people.models import Membership, User

from ..models import (
    Application,
    ApplicationState,
    Call,
    CallPerson,
    CallRole,
    CallState,
    Merit,
    Review,
    ReviewState,
)
from . import merit

# Reviews are written while the call is in one of these.
OPEN_FOR_REVIEW = (CallState.CLOSED, CallState.IN_REVIEW)


def is_open(call: Call, *, samples: bool = False) -> bool:
    """Whether points can be given now. On samples one can agree while applications still come in."""
    return call.state in OPEN_FOR_REVIEW or (samples and call.state == CallState.OPEN)


def reviewers_of(call: Call) -> list[User]:
    """Those who review the call now, in the order in which they came."""
    rows = CallPerson.objects.active().filter(call=call, role=CallRole.REVIEWER, user__is_active=True)
    return [person.user for person in rows.select_related("user").order_by("pk")]


def organisers_of(call: Call) -> list[User]:
    rows = CallPerson.objects.active().filter(call=call, role=CallRole.ORGANISER, user__is_active=True)
    return [person.user for person in rows.select_related("user").order_by("pk")]


def to_be_reviewed(call: Call) -> QuerySet[Application]:
    return Application.objects.real().in_call(call).submitted().filter(erased_at=None)


def detected_conflicts(applications: Collection[Application], reviewers: Collection[User]) -> set[tuple[int, int]]:
    """Pairs of application and reviewer of whom the platform knows that they are too close. Three queries.

    A reviewer is so to what they sent in themselves, to what comes from a municipality or county in which they work
    or are elected, and to an actor that they speak for.
    """
    ids = [reviewer.pk for reviewer in reviewers]
    places, actors, addresses = _known_of(ids)
    found = set()
    for application in applications:
        for reviewer in ids:
            own = application.user_id == reviewer or application.email in addresses[reviewer]
            if own or application.place_id in places[reviewer] or application.actor_id in actors[reviewer]:
                found.add((application.pk, reviewer))
    return found


def _known_of(reviewers: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]], dict[int, set[str]]]:
    places: dict[int, set[int]] = defaultdict(set)
    actors: dict[int, set[int]] = defaultdict(set)
    addresses: dict[int, set[str]] = defaultdict(set)
    for user, area in Membership.objects.active().filter(user__in=reviewers).values_list("user", "area"):
        places[user].add(area)
    for user, actor in ActorPerson.objects.active().filter(user__in=reviewers).values_list("user", "actor"):
        actors[user].add(actor)
    for user, email in User.objects.filter(pk__in=reviewers).values_list("pk", "email"):
        addresses[user].add(email)
    return places, actors, addresses


@dataclass(frozen=True)
class Share:
    """What one reviewer has: how many to read, how many are judged, and of how many they said that they cannot."""

    user: User
    open: int
    done: int
    conflicts: int
    is_reviewer: bool = True

    @property
    def all(self) -> int:
        return self.open + self.done


@dataclass(frozen=True)
class Progress:
    """How far the review of a call has come. `short` is how many applications have fewer reviewers than wanted."""

    shares: list[Share]
    applications: int
    open: int
    done: int
    short: int
    reviewed: int

    @property
    def all(self) -> int:
        return self.open + self.done

    @property
    def lagging(self) -> list[Share]:
        return [share for share in self.shares if share.open and share.is_reviewer]


def progress(call: Call) -> Progress:
    """Three queries, however many reviewers and applications there are, and one for those who have left."""
    reviewers = reviewers_of(call)
    taken_up = set(to_be_reviewed(call).values_list("pk", flat=True))
    rows = Review.objects.filter(application__call=call, application__is_sample=False)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    readers: Counter[int] = Counter()
    done_of: Counter[int] = Counter()
    for application, user, state in rows.values_list("application_id", "reviewer_id", "state"):
        if application in taken_up:
            counts[user][state] += 1
            readers[application] += state != ReviewState.CONFLICT
            done_of[application] += state == ReviewState.DONE
    gone = User.objects.filter(pk__in=counts.keys() - {user.pk for user in reviewers}).order_by("pk")
    shares = [_share(user, counts[user.pk]) for user in reviewers]
    shares += [_share(user, counts[user.pk], is_reviewer=False) for user in gone]
    return Progress(
        shares=shares,
        applications=len(taken_up),
        open=sum(share.open for share in shares),
        done=sum(share.done for share in shares),
        short=sum(readers[pk] < call.reviews_wanted for pk in taken_up),
        reviewed=sum(done_of[pk] >= call.reviews_wanted for pk in taken_up),
    )


def _share(user: User, counts: Counter[str], *, is_reviewer: bool = True) -> Share:
    return Share(
        user=user,
        open=counts[ReviewState.ASSIGNED],
        done=counts[ReviewState.DONE],
        conflicts=counts[ReviewState.CONFLICT],
        is_reviewer=is_reviewer,
    )


def own_reviews(user: Any, call: Call, *, samples: bool = False) -> list[Review]:
    """What a reviewer has in a call, what is to be read first, without what they cannot judge. One query."""
    rows = Review.objects.filter(reviewer=user, application__call=call, application__is_sample=samples)
    rows = rows.exclude(state=ReviewState.CONFLICT).select_related("application")
    if not samples:
        rows = rows.filter(Q(application__state=ApplicationState.SUBMITTED) | Q(state=ReviewState.DONE))
    return sorted(rows, key=lambda review: (review.state == ReviewState.DONE, review.pk))


def next_review(user: Any, call: Call, *, after: int = 0) -> Review | None:
    """The next one to read: samples first, then those that come after the one just judged, then the rest."""
    for samples in (True, False):
        rows = [review for review in own_reviews(user, call, samples=samples) if review.state == ReviewState.ASSIGNED]
        if rows:
            return next((review for review in rows if review.pk > after), rows[0])
    return None


def reviews_of(applications: Iterable[int]) -> dict[int, list[Review]]:
    """The reviews of each application, with their reviewers and scores. Two queries."""
    rows = Review.objects.filter(application__in=list(applications)).select_related("reviewer")
    found: dict[int, list[Review]] = defaultdict(list)
    for review in rows.prefetch_related("scores__scale").order_by("pk"):
        found[review.application_id].append(review)
    return found


def counts_of(applications: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many reviews of each application are done, and how many reviewers it has. One query."""
    rows = Review.objects.filter(application__in=applications).exclude(state=ReviewState.CONFLICT)
    counted = (
        rows.order_by()
        .values_list("application_id")
        .annotate(done=Count("pk", filter=Q(state=ReviewState.DONE)), everyone=Count("pk"))
    )
    return {pk: (done, everyone) for pk, done, everyone in counted}


def who_can_be_asked(application: Application, call: Call) -> list[User]:
    """The call's reviewers who have nothing to do with the application yet, and are not too close to it."""
    taken = set(Review.objects.filter(application=application).values_list("reviewer_id", flat=True))
    free = [user for user in reviewers_of(call) if user.pk not in taken]
    close = detected_conflicts([application], free)
    return [user for user in free if (application.pk, user.pk) not in close]


@dataclass(frozen=True)
class Bin:
    """How many applications have points from `least` to below `most`; in the last, the most points too."""

    least: Decimal
    most: Decimal
    count: int
    passes: bool


@dataclass(frozen=True)
class Points:
    """How the points of the reviewed applications are spread, and how many reach the call's threshold."""

    bins: list[Bin]
    count: int
    mean: Decimal | None
    threshold: Decimal | None
    reach: int

    @property
    def highest_bin(self) -> int:
        return max((found.count for found in self.bins), default=0)


_STEP = Decimal("0.5")


def points_spread(call: Call) -> Points:
    """In steps of half a point from 1 to the highest. Three queries."""
    taken_up = set(to_be_reviewed(call).values_list("pk", flat=True))
    points = [given for pk, given in merit.points_of(call).items() if pk in taken_up]
    threshold = call.merit_threshold if call.merit == Merit.THRESHOLD else None
    highest = merit.highest_points(merit.scales_of(call))
    bins = []
    least = Decimal(1)
    while points and least < highest:
        most = min(least + _STEP, highest)
        last = most == highest
        count = sum(least <= given < most or (last and given == most) for given in points)
        bins.append(Bin(least, most, count, threshold is not None and least >= threshold))
        least = most
    return Points(
        bins=bins,
        count=len(points),
        mean=merit.mean(points) if points else None,
        threshold=threshold,
        reach=sum(given >= threshold for given in points) if threshold is not None else len(points),
    )
