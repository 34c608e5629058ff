"""Published calls as open data: what is offered, to whom, until when, what is asked and how people are chosen."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from samkraft.statistics.api import Paging, Problem, Text, page

from ..models import PUBLIC_STATES, Call, Question
from ..queries import calls as queries
from ..queries import features
from ..queries.eligibility import rules_in_words

router = Router()


class CallOut(Schema):
    """A published call. `applicants` is person, municipality or actor; times have an offset from UTC."""

    slug: str
    kind: str
    title: str
    summary: str
    state: str
    country: str = Field(description="Whose municipalities may apply")
    organiser: str
    organiser_area: str | None = Field(None, description="Key of the place in whose name it is")
    organiser_actor: str | None = Field(None, description="Slug of the actor in whose name it is")
    applicants: str
    seats: int
    opens_at: datetime
    closes_at: datetime
    time_zone: str = Field(description="In which the times were set")
    announce_on: date | None
    url: str

    @staticmethod
    def resolve_organiser(call: Call) -> str:
        return queries.organiser_of(call)

    @staticmethod
    def resolve_organiser_area(call: Call) -> str | None:
        return call.area.key if call.area is not None else None

    @staticmethod
    def resolve_organiser_actor(call: Call) -> str | None:
        return call.actor.slug if call.actor is not None else None

    @staticmethod
    def resolve_url(call: Call) -> str:
        return call.get_absolute_url()


class RuleOut(Schema):
    """A rule over a fact of the applicant's municipality. `value` is a number, a list of keys, or null."""

    fact: str
    comparison: str
    value: int | float | list[str] | None
    edition: str = Field(description="The publication of the fact that counts; empty is the newest")
    words: str


class QuestionOut(Schema):
    kind: str
    label: str
    help_text: str
    is_required: bool
    least: int | None
    most: int | None
    choices: list[dict[str, str]]


class LimitOut(Schema):
    value: str
    label: str
    minimum: int
    maximum: int | None


class CriterionOut(Schema):
    """A feature by which those who are chosen are mixed, with the values that have limits."""

    feature: str
    label: str
    limits: list[LimitOut]


class WholeCallOut(CallOut):
    """A call with its text (HTML of a few harmless elements), rules, questions and criteria."""

    offer: str
    contact_email: str
    eligibility: list[RuleOut]
    questions: list[QuestionOut]
    criteria: list[CriterionOut]
    municipality_cap: int | None
    size_bounds: list[int]
    merit: str
    merit_threshold: float | None
    merit_bounds: list[float]
    is_blind: bool
    hides_municipality: bool
    reviews_wanted: int
    answer_days: int
    seed_kind: str
    seed_source: str

    @staticmethod
    def resolve_eligibility(call: Call) -> list[dict[str, Any]]:
        rules = zip(call.eligibility.all(), rules_in_words(call), strict=True)
        return [
            {
                "fact": rule.fact,
                "comparison": rule.comparison,
                "value": rule.value,
                "edition": rule.edition,
                "words": words,
            }
            for rule, words in rules
        ]

    @staticmethod
    def resolve_questions(call: Call) -> list[Question]:
        return list(call.questions.all())

    @staticmethod
    def resolve_criteria(call: Call) -> list[dict[str, Any]]:
        return [_criterion(feature) for feature in features.features_of(call)]


class CallPage(Schema):
    items: list[CallOut]
    next: str | None


class CallFilter(Schema):
    country: Text = Field("", max_length=2, description="SE, NO or DK")
    kind: Text = Field("", max_length=10, description="workshop, programme, grant or award")
    state: Text = Field("", max_length=10, description="open, closed, in_review, committed, drawn, announced and so on")


@router.get("/calls", response={200: CallPage, 422: Problem}, summary="Calls to apply to")
def calls(request: HttpRequest, wanted: Query[CallFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = queries.with_organiser(Call.objects.public())
    rows = queries.chosen(rows, country=wanted.country.upper(), kind=wanted.kind)
    return page(request, rows.filter(state=wanted.state) if wanted.state else rows, paging)


@router.get("/calls/{slug}", response={200: WholeCallOut, 404: Problem}, summary="One call, with all that it asks")
def call(request: HttpRequest, slug: str) -> Call:
    found = queries.by_slug(slug)
    if found is None or found.state not in PUBLIC_STATES:
        raise Http404("No such call, or it is not published.")
    return found


def _criterion(feature: features.Feature) -> dict[str, Any]:
    limits = [
        {"value": value, "label": word, "minimum": limit.minimum, "maximum": limit.maximum}
        for value, word in feature.values
        if (limit := feature.limits.get(value)) is not None
    ]
    return {"feature": feature.key, "label": feature.label, "limits": limits}
