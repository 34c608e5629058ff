"""What a reviewer sees of an application: as much as the call's organisers have chosen, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.places.models import Area, AreaKind, NameKind, PlaceName
from samkraft.records.models import StoredFile

from ..models import Answer, Applicants, Application, Call, Merit, Question, QuestionKind
from ..rules.answers import TEXTS, shown
from ..rules.blinding import Spot, identity_in, masked


@dataclass(frozen=True)
class Row:
    """One question with its answer in words. `number` is that of an attachment, from 1; its name is not shown."""

    label: str
    text: str = ""
    number: int | None = None


def title_of(application: Application) -> str:
    """What an application is called where nobody is to learn whose it is."""
    if application.is_sample:
        return _("Sample %(number)s") % {"number": application.pk}
    return _("Application %(number)s") % {"number": application.pk}


def hides_anything(call: Call) -> bool:
    return call.is_blind or call.hides_municipality


def names_of(application: Application) -> str:
    """All names by which the applicant could be known, one on a line."""
    actor = application.actor.name if application.actor else ""
    return "\n".join(dict.fromkeys(filter(None, [application.name, application.actor_name, actor])))


def places_of(application: Application) -> list[str]:
    """The names of the applicant's municipality, of its county and of the localities in it. One query."""
    return _names_of(application.place)


def _names_of(place: Area | None) -> list[str]:
    if place is None:
        return []
    areas = [place] if place.kind == AreaKind.COUNTY or place.parent is None else [place, place.parent]
    names = [name for area in areas for name in (area.name, area.full_name)]
    localities = PlaceName.objects.filter(area=place, kind__in=[NameKind.NAME, NameKind.LOCALITY])
    return [*names, *localities.values_list("text", flat=True)]


def hidden_in(text: str, application: Application, *, names: bool = True, places: bool = True) -> str:
    """The text with what tells who applied replaced by "[hidden]"."""
    known = places_of(application) if places else []
    return masked(text, _spots(text, application, known, names=names), _("[hidden]"))


def _spots(text: str, application: Application, places: Sequence[str], *, names: bool) -> list[Spot]:
    return identity_in(
        text,
        name=names_of(application) if names else "",
        email=application.email if names else "",
        places=places,
    )


def questions_shown(call: Call) -> list[Question]:
    return [question for question in call.questions.all() if not question.is_hidden]


def rows_for_reviewer(application: Application) -> list[Row]:
    """Who applies, as far as that is shown, and the answers to what reviewers see. At most four queries."""
    call = application.call
    answers = _answers(application)
    places = places_of(application) if call.hides_municipality else []
    rows = _rows_about(application)
    number = 0
    for question in questions_shown(call):
        answer = answers.get(question.pk)
        if question.kind == QuestionKind.FILE:
            if answer is not None and answer.file is not None:
                number += 1
                rows.append(Row(question.label, _("Attachment %(number)s") % {"number": number}, number))
            else:
                rows.append(Row(question.label))
            continue
        text = shown(question, answer.text) if answer else ""
        if question.kind in TEXTS and hides_anything(call):
            text = masked(text, _spots(text, application, places, names=call.is_blind), _("[hidden]"))
        rows.append(Row(question.label, text))
    return rows


def attachment(application: Application, number: int) -> StoredFile | None:
    """The file of that number among those that reviewers see, or None."""
    answers = _answers(application)
    files = [
        answers[question.pk].file
        for question in questions_shown(application.call)
        if question.kind == QuestionKind.FILE and question.pk in answers and answers[question.pk].file is not None
    ]
    return files[number - 1] if 1 <= number <= len(files) else None


def telling(application: Application) -> list[tuple[Question, list[str]]]:
    """For organisers: in which answers that reviewers see something was found that tells who applied, and what."""
    call = application.call
    if not hides_anything(call):
        return []
    answers = _answers(application)
    places = places_of(application) if call.hides_municipality else []
    found = []
    for question in questions_shown(call):
        if question.kind not in TEXTS or question.pk not in answers:
            continue
        spots = _spots(answers[question.pk].text, application, places, names=call.is_blind)
        if spots:
            found.append((question, list(dict.fromkeys(spot.words for spot in spots))))
    return found


def telling_while_writing(
    application: Application, texts: Mapping[Question, str], *, name: str, place: Area | None
) -> list[tuple[Question, list[str]]]:
    """For the applicant, before sending in: in which answers to blind reviewers something tells who they are.

    Nothing where no points count, and so nobody reviews.
    """
    call = application.call
    if not hides_anything(call) or call.merit == Merit.NONE:
        return []
    places = _names_of(place) if call.hides_municipality else []
    found = []
    for question, text in texts.items():
        if question.is_hidden or question.kind not in TEXTS:
            continue
        known = {"name": name, "email": application.email} if call.is_blind else {}
        spots = identity_in(text, places=places, **known)
        if spots:
            found.append((question, list(dict.fromkeys(spot.words for spot in spots))))
    return found


def _answers(application: Application) -> dict[int, Answer]:
    return {answer.question_id: answer for answer in application.answers.select_related("file")}


def _rows_about(application: Application) -> list[Row]:
    call = application.call
    rows = []
    if not application.is_sample:
        if not call.is_blind:
            if call.applicants == Applicants.ACTOR:
                rows.append(Row(_("Actor"), application.actor_name))
            rows.append(Row(_("Name"), application.name))
        if not call.hides_municipality and application.place is not None:
            rows.append(Row(_("Municipality or county"), application.place.display_name))
    if application.role:
        rows.append(Row(_("Role"), capfirst(application.get_role_display())))
    if application.sector:
        rows.append(Row(_("Sector of work"), capfirst(application.get_sector_display())))
    return rows
