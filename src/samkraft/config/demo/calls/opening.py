"""Opening a call as its organisers do: begun, described, with its questions, criteria and people, and published."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from samkraft.calls.models import Call, CallRole, Criterion, Question, QuestionKind
from samkraft.calls.operations import calls, criteria, editing, people, publishing, questions
from samkraft.people.models import User
from samkraft.places.models import Area

from .words import Wording


def open_call(
    *, wording: Wording, area: Area, by: User, organisers: Iterable[User] = (), reviewers: Iterable[User] = (),
    opens_at: datetime, closes_at: datetime, now: datetime, edition: str = "",
) -> Call:  # fmt: skip
    """A call in the name of a place, published at `now`. `edition` is the release by which its rules go."""
    call = calls.begin_call(title=wording.title, kind=wording.kind, area=area, by=by, now=now)
    # That it is a demo is no field that organisers set.
    call.is_demo = True
    call.save(update_fields=["is_demo"])
    fields = dict(wording.fields)
    if "merit_threshold" in fields:
        fields["merit_threshold"] = Decimal(fields["merit_threshold"])
    fields |= {"opens_at": opens_at, "closes_at": closes_at, "announce_on": (closes_at + timedelta(days=40)).date()}
    editing.change_fields(call=call, fields=fields, by=by, now=now)
    _ask(call, wording, by, now)
    _mix(call, wording, edition, by, now)
    for role, invited in ((CallRole.ORGANISER, organisers), (CallRole.REVIEWER, reviewers)):
        for person in invited:
            offer = people.invite(call=call, email=person.email, role=role, by=by, now=now)
            people.accept(offer=offer, by=person, now=now)
    return publishing.publish(call=call, by=by, now=now)


def _ask(call: Call, wording: Wording, by: User, now: datetime) -> None:
    """The organiser's own questions and scales in place of those that a call of its kind begins with."""
    for criterion in call.criteria.all():
        criteria.remove_criterion(criterion=criterion, by=by, now=now)
    for question in call.questions.all():
        questions.remove_question(question=question, by=by, now=now)
    for scale in call.scales.all():
        criteria.remove_scale(scale=scale, by=by, now=now)
    for fields in wording.questions:
        questions.add_question(call=call, fields=fields, by=by, now=now)
    for fields in wording.scales:
        criteria.save_scale(call=call, fields=fields, by=by, now=now)


def _mix(call: Call, wording: Wording, edition: str, by: User, now: datetime) -> None:
    for fact, comparison, value in wording.rules:
        criteria.add_rule(
            call=call, fact=fact, comparison=comparison, value=value, edition=edition, by=by, now=now
        )  # fmt: skip
    limits: dict[str, dict[str, tuple[int, int | None]]] = defaultdict(dict)
    for source, value, least, most in wording.limits:
        limits[source][value] = (least, most)
    for source in wording.criteria:
        criterion = _criterion(call, source, by, now)
        criteria.set_limits(criterion=criterion, limits=limits[source], by=by, now=now)


def _criterion(call: Call, source: str, by: User, now: datetime) -> Criterion:
    if source != "experience":
        return criteria.add_criterion(call=call, source=source, by=by, now=now)
    asked = Question.objects.get(call=call, kind=QuestionKind.CHOICE)
    return criteria.add_criterion(call=call, source="question", question=asked, by=by, now=now)
