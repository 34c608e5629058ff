"""Makers of calls, applications and reviews to test with."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from samkraft.calls.models import (
    Answer,
    ApplicantRole,
    Applicants,
    Application,
    ApplicationState,
    Applying,
    Call,
    CallKind,
    CallPerson,
    CallRole,
    CallState,
    Criterion,
    FeatureSource,
    Limit,
    Question,
    QuestionKind,
    Review,
    ReviewState,
    Scale,
    Score,
)
from samkraft.people.models import Sector, User
from samkraft.places.models import Area

from . import factories
from .factories import NOW

_numbers = count(1)


def call(of: Area | None = None, **fields: Any) -> Call:
    """A workshop with two places that Mariestad organises, open from a day ago until in ten days."""
    number = next(_numbers)
    made_by = fields.pop("created_by", None) or factories.user()
    organiser = {} if "actor" in fields else {"area": of or factories.area()}
    return Call.objects.create(
        **{
            "slug": f"call-{number}",
            "kind": CallKind.WORKSHOP,
            "title": f"Workshop {number}",
            "summary": "Four mornings of work together.",
            "country": "SE",
            "seats": 2,
            "state": CallState.OPEN,
            "opens_at": NOW - timedelta(days=1),
            "closes_at": NOW + timedelta(days=10),
            "published_at": NOW - timedelta(days=1),
            "created_by": made_by,
            "created_at": NOW - timedelta(days=2),
            "changed_at": NOW - timedelta(days=1),
            **organiser,
            **fields,
        }
    )


def organiser(of: Call, person: User | None = None) -> User:
    return _person(of, person, CallRole.ORGANISER)


def reviewer(of: Call, person: User | None = None) -> User:
    return _person(of, person, CallRole.REVIEWER)


def _person(of: Call, person: User | None, role: str) -> User:
    made = CallPerson.objects.create(call=of, user=person or factories.user(), role=role, since=date(2026, 1, 1))
    return made.user


def question(of: Call, **fields: Any) -> Question:
    """A required longer text, unless told otherwise."""
    position = fields.pop("position", of.questions.count() + 1)
    return Question.objects.create(
        call=of,
        position=position,
        **{"kind": QuestionKind.LONG_TEXT, "label": f"Question {position}", **fields},
    )


def choice_question(of: Call, *values: str, **fields: Any) -> Question:
    choices = [{"value": value, "label": value.capitalize()} for value in values]
    return question(of, kind=QuestionKind.CHOICE, choices=choices, **fields)


def criterion(of: Call, source: str = FeatureSource.SECTOR, **limits: tuple[int, int | None]) -> Criterion:
    """A criterion with limits as `value=(minimum, maximum)`."""
    made = Criterion.objects.create(call=of, source=source, position=of.criteria.count() + 1)
    for value, (minimum, maximum) in limits.items():
        Limit.objects.create(criterion=made, value=value, minimum=minimum, maximum=maximum)
    return made


def application(
    to: Call, email: str = "", *, answers: dict[Question, str] | None = None, at: datetime = NOW, **fields: Any
) -> Application:
    """One that was sent in by somebody in Mariestad, with the answers given."""
    number = next(_numbers)
    fields = {
        "email": email or f"applicant{number}@example.org",
        "name": f"Applicant {number}",
        "language": "en",
        "place": factories.area(),
        "role": ApplicantRole.EMPLOYEE,
        "sector": Sector.PLANNING,
        "state": ApplicationState.SUBMITTED,
        "begun_at": at,
        "submitted_at": at,
        "confirmed_at": at,
        "changed_at": at,
        **fields,
    }
    made = Application.objects.create(call=to, **fields)
    for asked, text in (answers or {}).items():
        Answer.objects.create(application=made, question=asked, text=text)
    if to.applicants != Applicants.PERSON and made.state == ApplicationState.SUBMITTED:
        Applying.objects.create(call=to, application=made, place=made.place, actor=made.actor)
    return made


def scale(of: Call, **fields: Any) -> Scale:
    position = of.scales.count() + 1
    return Scale.objects.create(call=of, position=position, **{"label": f"Scale {position}", **fields})


def review(of: Application, by: User, *points: int, **fields: Any) -> Review:
    """A review with points on the call's scales in their order; without points, one that is to be read."""
    done = {"state": ReviewState.DONE, "done_at": NOW} if points else {}
    made = Review.objects.create(application=of, reviewer=by, assigned_at=NOW, **{**done, **fields})
    for asked, given in zip(of.call.scales.all(), points, strict=False):
        Score.objects.create(review=made, scale=asked, points=given)
    return made
