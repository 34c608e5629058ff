"""What people do in a call, many at a time, by the operations of the pages with the clock passed in."""

from collections.abc import Sequence
from datetime import datetime

from samkraft.calls.models import (
    ApplicantRole,
    Application,
    Call,
    Decision,
    Draw,
    Outcome,
    PoolMember,
    QuestionKind,
    Reply,
    Review,
    ReviewState,
)
from samkraft.calls.operations import decisions, draws, draws_computing, replies, reviews_judging
from samkraft.calls.operations.applications_sending import hand_in
from samkraft.calls.queries.merit import scales_of
from samkraft.people.models import Sector, User
from samkraft.places import facts
from samkraft.places.models import Area, AreaKind

from . import workshop_tale
from .workshop_tale import Applicant


def the_applicants() -> list[Applicant]:
    """The people of the tale, from the municipalities with the inhabitants that are known now."""
    areas = Area.objects.filter(country="SE", kind=AreaKind.MUNICIPALITY)
    keys = dict(areas.values_list("pk", "key"))
    return workshop_tale.applicants({keys[pk]: count for pk, count in facts.values("population", list(keys)).items()})


def address_of(applicant: Applicant, word: str) -> str:
    return f"{word}.person{applicant.number}@example.org"


def apply(*, call: Call, people: Sequence[Applicant], word: str, since: datetime, until: datetime) -> None:
    """Each hands in, the first a while after `since` and the last a while before `until`. `word` begins addresses."""
    areas = {area.key: area for area in Area.objects.filter(key__in={person.place for person in people})}
    pause = (until - since) / (len(people) + 1)
    for number, person in enumerate(people, start=1):
        hand_in(
            call=call,
            email=address_of(person, word),
            name=person.name,
            place=areas[person.place],
            role=person.role,
            sector=person.sector,
            answers=answers_of(call, person),
            now=since + number * pause,
        )


def answers_of(call: Call, person: Applicant) -> dict[int, str]:
    """What the person answers: the motivation to a longer text, the experience to a choice, yes to a consent."""
    said = {
        QuestionKind.LONG_TEXT: person.motivation,
        QuestionKind.CHOICE: person.experience,
        QuestionKind.CONSENT: "yes",
    }
    return {
        question.pk: said[kind] for question in call.questions.all() if (kind := QuestionKind(question.kind)) in said
    }


def judge(*, call: Call, reviewer: User, place: int, now: datetime, but: int = 0) -> None:
    """The reviewer gives points to all that they are to read, except the last `but` of it."""
    people = {person.name: person for person in the_applicants()}
    scales = scales_of(call)
    rows = Review.objects.filter(application__call=call, reviewer=reviewer, state=ReviewState.ASSIGNED)
    waiting = list(rows.select_related("application__call").order_by("application__pk"))
    for review in waiting[: len(waiting) - but]:
        person = people[review.application.name]
        given = {scale.pk: workshop_tale.points(person, place, number) for number, scale in enumerate(scales)}
        reviews_judging.save_review(review=review, points=given, comment="", done=True, by=reviewer, now=now)


def draw(*, call: Call, number: str, by: User, committed_at: datetime, drawn_at: datetime) -> Draw:
    """Commit to the draw and draw with the number."""
    begun = draws.begin(call=call, by=by, now=committed_at)
    draws_computing.compute(pk=begun.pk, clock=lambda: committed_at)
    begun.refresh_from_db()
    return draws.enter_public_number(draw=begun, number=number, url="", by=by, now=drawn_at)


def announce(*, call: Call, by: User, now: datetime) -> None:
    call.refresh_from_db()
    decisions.decide(call=call, by=by, now=now)
    decisions.announce(call=call, by=by, now=now)


def decline(*, call: Call, how_many: int, now: datetime) -> list[Decision]:
    """So many give their places back, one after the other, of whom somebody just like them waits.

    So each place is taken at once, whatever the draw said. Returns who declined.
    """
    declined = []
    for _place in range(how_many):
        waiting = set(_of_types(call, Outcome.WAITLIST).values())
        held = _of_types(call, Outcome.PLACE)
        pk = next(pk for pk, kind in sorted(held.items()) if kind in waiting)
        decision = Decision.objects.select_related("application", "call").get(pk=pk)
        replies.decline(decision=decision, now=now)
        declined.append(decision)
    return declined


def _of_types(call: Call, outcome: str) -> dict[int, int]:
    """Those who hold a place since the draw, or wait, and have not answered: the type of each, by the decision."""
    unanswered = Decision.objects.filter(call=call, drawn_outcome=outcome, outcome=outcome, reply=Reply.NONE)
    decisions_of = dict(unanswered.values_list("application_id", "pk"))
    members = PoolMember.objects.filter(draw__call=call, draw__is_test=False, application__in=decisions_of)
    return {
        decisions_of[application]: kind for application, kind in members.values_list("application_id", "type_number")
    }


def accept(*, call: Call, how_many: int, now: datetime) -> None:
    """So many of those who have not answered take their places."""
    rows = Decision.objects.filter(call=call, outcome=Outcome.PLACE, reply=Reply.NONE, offered_from_waitlist=False)
    for decision in rows.select_related("application", "call").order_by("application__pk")[:how_many]:
        replies.accept(decision=decision, now=now)


def apply_for(*, call: Call, place: str, number: int, word: str, answers: dict[int, str], now: datetime) -> Application:
    """A municipality, told by its key, hands in through a demo person."""
    return hand_in(
        call=call,
        email=f"{word}.person{number}@example.org",
        name=f"Demo Person {number}",
        place=Area.objects.get(key=place),
        role=ApplicantRole.EMPLOYEE,
        sector=Sector.CLIMATE_ENVIRONMENT,
        answers=answers,
        now=now,
    )
