"""Applications as their applicants see them: what stands in the form, what was sent in, what is missing, what comes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.networks.queries.actors import actors_of
from samkraft.people.models import Role, Sector
from samkraft.people.queries import memberships_of
from samkraft.places.models import Area, AreaKind
from samkraft.places.rules import fold
from samkraft.records.models import StoredFile, TransitionLog
from samkraft.ui import numbers

from ..models import (
    APPLICATION,
    CALL,
    ApplicantRole,
    Applicants,
    Application,
    ApplicationState,
    Applying,
    Call,
    CallState,
    FeatureSource,
    Question,
    QuestionKind,
)
from ..rules import answers
from ..rules.answers import Typed
from ..rules.applying import Window, window
from . import eligibility


@dataclass(frozen=True)
class Fault:
    """What has to be mended before an application can be sent in. `field` is the form's name of the question.

    `question` is what an organiser asked; empty where the sentence says for itself what it is about. `is_choice`: the
    form shows its answers beneath each other.
    """

    field: str
    sentence: str
    question: str = ""
    is_choice: bool = False


@dataclass(frozen=True)
class Row:
    """One question with its answer in words."""

    field: str
    label: str
    text: str
    file: StoredFile | None = None


def field_of(question: Question) -> str:
    return f"q{question.pk}"


def by_key(key: str) -> Application | None:
    """The application of a link: neither one that is erased, nor a sample."""
    rows = Application.objects.real().filter(erased_at=None).select_related("call__area", "call__actor", "place")
    return rows.defer("place__outline", "call__area__outline").filter(key=key).first()


def window_of(call: Call, now: datetime) -> Window:
    """Where `now` is in the call's time. One that the clock closed after `now` was open then."""
    return window(call, now, closed_by_clock=call.state == CallState.CLOSED and _closed_by_clock(call))


def _closed_by_clock(call: Call) -> bool:
    rows = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(Call), object_id=call.pk, machine=CALL.name
    )
    last = rows.order_by("-pk").first()
    return last is not None and last.to_state == CallState.CLOSED and last.by_id is None


def asked_about(call: Call) -> list[str]:
    """What the form asks beside the call's own questions, in its order.

    Role and sector of work are asked of people in municipalities; of actors only where the call goes by them.
    """
    if call.applicants == Applicants.ACTOR:
        sources = set(call.criteria.values_list("source", flat=True))
        by_criteria = [name for name in (FeatureSource.ROLE, FeatureSource.SECTOR) if name in sources]
        return ["actor_name", "name", "place", *map(str, by_criteria)]
    return ["name", "place", "role", "sector"]


def labels_of(call: Call) -> dict[str, str]:
    """The words of what the form asks of everybody."""
    places = {
        Applicants.PERSON: _("The municipality or county where you work or are elected"),
        Applicants.MUNICIPALITY: _("The municipality that applies"),
        Applicants.ACTOR: _("The municipality where the actor is"),
    }
    roles = {
        Applicants.PERSON: _("Your role in the municipality or county"),
        Applicants.MUNICIPALITY: _("Your role in the municipality"),
        Applicants.ACTOR: _("Your role in the municipality"),
    }
    return {
        "name": _("Your name"),
        "place": places[Applicants(call.applicants)],
        "role": roles[Applicants(call.applicants)],
        "sector": _("Sector of work"),
        "actor_name": _("The actor that applies"),
    }


def places_of(call: Call) -> list[Area]:
    """Where one can apply from, those of one county after each other with the county first."""
    wanted = [AreaKind.COUNTY, AreaKind.MUNICIPALITY] if call.applicants == Applicants.PERSON else ["municipality"]
    rows = Area.objects.in_country(call.country).filter(kind__in=wanted).select_related("parent")
    rows = rows.only("key", "name", "full_name", "kind", "country", "parent__name", "parent__full_name", "parent__key")
    return sorted(rows, key=lambda area: (county_of(area).name, area.kind != AreaKind.COUNTY, area.name))


def county_of(area: Area) -> Area:
    """The county of a municipality fetched with its parent; a county's is itself."""
    return area if area.kind == AreaKind.COUNTY or area.parent is None else area.parent


def place_of(call: Call, typed: Typed) -> Area | None:
    """The place that was chosen, if one can apply from there."""
    wanted = [AreaKind.MUNICIPALITY, *([AreaKind.COUNTY] if call.applicants == Applicants.PERSON else [])]
    return Area.objects.filter(key=typed.place, kind__in=wanted).defer("outline").first() if typed.place else None


def why_not(application: Application, place: Area | None, typed: Typed) -> list[Fault]:
    """Why nobody can apply for this place, or not once more: whole sentences, without telling who has."""
    call = application.call
    problems = eligibility.problems(call, place) if place is not None else []
    found = [Fault("place", sentence) for sentence in problems]
    others = Applying.objects.filter(call=call).exclude(application=application)
    if call.applicants == Applicants.MUNICIPALITY and place is not None and others.filter(place=place).exists():
        found.append(Fault("place", taken(place.display_name)))
    if call.applicants == Applicants.ACTOR and typed.actor_name.strip():
        name = fold(typed.actor_name)
        if any(fold(other) == name for other in others.values_list("application__actor_name", flat=True)):
            found.append(Fault("actor_name", taken(typed.actor_name.strip())))
    return found


def taken(name: str) -> str:
    """That there is an application for a municipality or an actor already, without whose it is."""
    return _(
        "An application for %(name)s has been sent in already, and there can be only one. Ask your colleagues, or"
        " write to the organiser."
    ) % {"name": name}


def faults(
    application: Application,
    typed: Typed,
    questions: Sequence[Question],
    attached: Collection[int],
    place: Area | None,
) -> list[Fault]:
    """What is missing or wrong in what stands in the form. `attached` are the questions that have a file."""
    found = [
        Fault(name, sentence, is_choice=name == "role")
        for name in asked_about(application.call)
        if (sentence := _fault_about(name, typed, place, application.call))
    ]
    for question in questions:
        sentence = answers.fault(question, typed.answer(question), has_file=question.pk in attached)
        if sentence:
            is_choice = question.kind == QuestionKind.CHOICE
            found.append(Fault(field_of(question), sentence, question.label, is_choice))
    return found


def _fault_about(name: str, typed: Typed, place: Area | None, call: Call) -> str:
    match name:
        case "name":
            return _fault_of_name(typed.name, "name", _("Write your name."))
        case "place":
            return "" if place is not None else _no_place(call)
        case "role":
            return "" if typed.role in ApplicantRole.values else _("Choose your role.")
        case "sector":
            return "" if typed.sector in Sector.values else _("Choose the sector that comes closest.")
        case "actor_name":
            return _fault_of_name(typed.actor_name, "actor_name", _("Write the actor's name."))
    return ""


def _fault_of_name(text: str, field: str, missing: str) -> str:
    """A name has to be there, and to fit into what keeps it."""
    most = Application._meta.get_field(field).max_length or 0
    if not text.strip():
        return missing
    if len(text.strip()) > most:
        return _("The name can have at most %(most)s characters.") % {"most": numbers.number(most)}
    return ""


def _no_place(call: Call) -> str:
    words = {
        Applicants.PERSON: _("Choose the municipality or county where you work or are elected."),
        Applicants.MUNICIPALITY: _("Choose which municipality applies."),
        Applicants.ACTOR: _("Choose the municipality where the actor is."),
    }
    return words[Applicants(call.applicants)]


def attached_to(application: Application) -> dict[int, StoredFile]:
    """The files that stand in the form, by the ids of their questions."""
    rows = application.attachments.select_related("file")
    return {row.question_id: row.file for row in rows}


def rows_in_form(
    application: Application,
    typed: Typed,
    questions: Sequence[Question],
    files: Mapping[int, StoredFile],
    place: Area | None,
) -> list[Row]:
    """What stands in the form, in words."""
    about = {**{name: getattr(typed, name) for name in answers.ABOUT}, "place": place.full_name if place else ""}
    return [
        *_rows_about(application.call, about),
        *(
            Row(field_of(asked), asked.label, answers.shown(asked, typed.answer(asked)), files.get(asked.pk))
            for asked in questions
        ),
    ]


def rows_sent_in(application: Application) -> list[Row]:
    """What was sent in, in words. Nothing where nothing was."""
    given = {answer.question_id: answer for answer in application.answers.select_related("file")}
    about = {
        "name": application.name,
        "place": application.place.full_name if application.place else "",
        "role": application.role,
        "sector": application.sector,
        "actor_name": application.actor_name,
    }
    rows = _rows_about(application.call, about)
    for question in application.call.questions.all():
        answer = given.get(question.pk)
        text = answers.shown(question, answer.text) if answer else ""
        rows.append(Row(field_of(question), question.label, text, answer.file if answer else None))
    return rows


def _rows_about(call: Call, about: Mapping[str, str]) -> list[Row]:
    words = {"role": dict(ApplicantRole.choices), "sector": dict(Sector.choices)}
    labels = labels_of(call)
    rows = []
    for name in asked_about(call):
        text = about[name]
        if name in words:
            text = capfirst(str(words[name].get(text, "")))
        rows.append(Row(name, labels[name], text))
    return rows


def has_unsent(application: Application) -> bool:
    """Whether something was changed in the form since it was sent in."""
    return application.state == ApplicationState.SUBMITTED and application.working_at is not None


def known_of(user: Any, call: Call) -> Typed:
    """What the platform knows of a reader, as it is filled in for them."""
    role = _role_for(user, call)
    actor_name = ""
    if call.applicants == Applicants.ACTOR:
        actors = [found for found, _roles in actors_of(user) if found.country == call.country]
        if len(actors) == 1:
            actor_name = actors[0].name
    if role is None:
        return Typed(name=user.name, actor_name=actor_name)
    return Typed(
        name=user.name,
        place=role.area.key,
        role=ApplicantRole.ELECTED if role.role == Role.POLITICIAN else ApplicantRole.EMPLOYEE,
        sector=role.sector,
        actor_name=actor_name,
    )


def _role_for(user: Any, call: Call) -> Any:
    """Their role in a municipality, or else in a county where that can apply."""
    kinds = [AreaKind.MUNICIPALITY, *([AreaKind.COUNTY] if call.applicants == Applicants.PERSON else [])]
    roles = [role for role in memberships_of(user) if role.area.country == call.country and role.area.kind in kinds]
    return min(roles, key=lambda role: kinds.index(AreaKind(role.area.kind)), default=None)


def spoken_for(user: Any, typed: Typed) -> int | None:
    """The id of the registered actor of that name that the applicant speaks for, if there is one."""
    if user is None:
        return None
    name = fold(typed.actor_name)
    return next((actor.pk for actor, _roles in actors_of(user) if fold(actor.name) == name), None)


def of_reader(user: Any) -> list[Application]:
    """A reader's own applications, the newest first."""
    rows = Application.objects.real().visible_to(user).filter(erased_at=None).select_related("call")
    return list(rows.only(*_LISTED).order_by("-pk")[:50])


_LISTED = (
    "key",
    "state",
    "working_at",
    "submitted_at",
    "user",
    "call__slug",
    "call__title",
    "call__state",
    "call__opens_at",
    "call__closes_at",
    "call__time_zone",
    "call__announce_on",
    "call__merit",
)


def log_of(application: Application) -> list[TransitionLog]:
    return [row for row in TransitionLog.objects.of(application) if row.machine == APPLICATION.name]


def file_questions(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.kind == QuestionKind.FILE]
