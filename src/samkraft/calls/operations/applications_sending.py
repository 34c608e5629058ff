"""An application from the first word to the last: kept as one types, sent in, changed, withdrawn, sent in anew.

Whether something is in time is decided by `now`, the moment at which it reached us, while the call and the
application are held, so that neither can change in between.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from samkraft.places.models import Area
from samkraft.records.files import remove_file, store_document
from samkraft.records.limits import allow
from samkraft.records.models import StoredFile
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused

from ..models import (
    APPLICATION,
    Answer,
    Applicants,
    Application,
    ApplicationState,
    Applying,
    Attachment,
    Call,
    CallState,
    Question,
    QuestionKind,
)
from ..queries import applications as queries
from ..rules import answers as rules
from ..rules.answers import Typed
from .applications import check_open
from .applications_mails import tell_receipt, tell_withdrawn

PURPOSE = "calls.attachment"
FILES_AN_HOUR = 60
WITHDRAWABLE = (CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW)


class Overtaken(Refused):
    """The application was saved in another window since this one was opened. `current` is what it is now."""

    def __init__(self, current: Application) -> None:
        super().__init__(_("This application has been changed in another window since you opened this one."))
        self.current = current


class Incomplete(Refused):
    """Something is missing or wrong; `faults` says what, question by question."""

    def __init__(self, faults: Sequence[queries.Fault]) -> None:
        super().__init__(_("Some answers are missing or need another look. Nothing has been sent in yet."))
        self.faults = faults


def locked(application: Application) -> Application:
    """The application as it is now, with its call, both held until the transaction ends. Raises Refused."""
    call = Call.objects.select_for_update(no_key=True).get(pk=application.call_id)
    current = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if current.erased_at is not None:
        raise Refused(_("This application has been erased."))
    current.call = call
    return current


@transaction.atomic
def save(*, application: Application, typed: Typed, version: int | None = None, now: datetime) -> Application:
    """Keep what stands in the form, whenever it comes: also after the deadline nothing that was typed is lost.

    `version` is that of the application when the form was opened; None overwrites. What was sent in stands until
    it is sent in anew. Raises Overtaken, a Refused, when another window has saved something else meanwhile.
    """
    current = _held(application)
    working = typed.as_working()
    changed = working != current.working
    if changed and version is not None and version != current.version:
        raise Overtaken(current)
    if changed:
        current.working = working
        current.working_at = now
        current.changed_at = now
        current.version += 1
    if current.confirmed_at is None:
        # Programs that look at links in mails open them; whoever writes something is the holder of the address.
        current.confirmed_at = now
    current.save(update_fields=["working", "working_at", "changed_at", "version", "confirmed_at"])
    return current


def _held(application: Application) -> Application:
    """The application alone: keeping what is typed waits for nobody else's sending in."""
    current = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if current.erased_at is not None:
        raise Refused(_("This application has been erased."))
    current.call = application.call
    return current


def attach(*, application: Application, question: Question, upload: Any, now: datetime) -> Attachment:
    """Keep a file in the form, in place of the one that is there. Raises Refused."""
    if question.kind != QuestionKind.FILE or question.call_id != application.call_id:
        raise Refused(_("There is no file to add here."))
    hour = timedelta(hours=1)
    if not allow(action="calls.attach", account=application, limit=FILES_AN_HOUR, period=hour, now=now):
        raise Refused(_("You have added many files in a short time. Wait an hour and try again."))
    # Pictures are made anew, which takes a while: nobody is made to wait for that.
    file = store_document(upload=upload, purpose=PURPOSE, by=application.user, now=now)
    with transaction.atomic():
        current = _held(application)
        before = _attached(current, question)
        kept, _new = Attachment.objects.update_or_create(
            application=current, question=question, defaults={"file": file}
        )
        _note_change(current, now)
        _remove_unused([before] if before else [])
    return kept


@transaction.atomic
def detach(*, application: Application, question: Question, now: datetime) -> None:
    """Take a file out of the form. One that was sent in is kept until the application is sent in anew."""
    current = _held(application)
    before = _attached(current, question)
    if before is None:
        return
    Attachment.objects.filter(application=current, question=question).delete()
    _note_change(current, now)
    _remove_unused([before])


def _attached(application: Application, question: Question) -> StoredFile | None:
    found = Attachment.objects.filter(application=application, question=question).select_related("file").first()
    return found.file if found else None


def _note_change(application: Application, now: datetime) -> None:
    application.working_at = application.changed_at = now
    application.confirmed_at = application.confirmed_at or now
    application.save(update_fields=["working_at", "changed_at", "confirmed_at"])


def _remove_unused(files: Sequence[StoredFile]) -> None:
    """Delete files that stand neither in the form nor in what was sent in."""
    for file in files:
        if not (Attachment.objects.filter(file=file).exists() or Answer.objects.filter(file=file).exists()):
            remove_file(file=file)


@transaction.atomic
def submit(*, application: Application, now: datetime, version: int | None = None, language: str = "") -> Application:
    """Send in what stands in the form, for the first time or anew, and mail a receipt. Raises Refused.

    Sending in the same twice changes nothing. `version`: what the applicant has looked through; Overtaken is
    raised when something else stands in the form now.
    """
    current = locked(application)
    check_open(current.call, now)
    if current.state == ApplicationState.EXCLUDED:
        raise Refused(_("The organiser has not taken up this application. Write to the organiser."))
    if current.state == ApplicationState.SUBMITTED and not queries.has_unsent(current):
        return current
    if version is not None and version != current.version:
        raise Overtaken(current)
    typed = Typed.of(current.working)
    place = queries.place_of(current.call, typed)
    questions = list(current.call.questions.all())
    files = queries.attached_to(current)
    if found := queries.faults(current, typed, questions, files, place):
        raise Incomplete(found)
    if reasons := queries.why_not(current, place, typed):
        raise Refused(reasons[0].sentence)
    _take_over(current, typed, place, language, now)
    _keep_answers(current, typed, questions, files)
    _claim(current)
    log = log_transition(subject=current, machine=APPLICATION, to=ApplicationState.SUBMITTED, by=None, now=now)
    tell_receipt(application=current, key=f"calls receipt {log.pk}", now=now)
    return current


def _take_over(current: Application, typed: Typed, place: Area | None, language: str, now: datetime) -> None:
    """What was typed about the applicant becomes what was sent in."""
    current.name = _one_line(typed.name)
    current.place = place
    current.role, current.sector = typed.role, typed.sector
    if current.call.applicants == Applicants.ACTOR:
        current.actor_name = _one_line(typed.actor_name)
        current.actor_id = queries.spoken_for(current.user, typed)
    current.language = language or current.language
    current.submitted_at = current.changed_at = now
    current.confirmed_at = current.confirmed_at or now
    current.working_at = None
    current.save()


def _one_line(text: str) -> str:
    # It stands in mails, where a line of its own would read as ours.
    return " ".join(text.split())


def _keep_answers(
    current: Application, typed: Typed, questions: Sequence[Question], files: Mapping[int, StoredFile]
) -> None:
    before = [answer.file for answer in current.answers.exclude(file=None).select_related("file")]
    current.answers.all().delete()
    rows = [
        Answer(
            application=current,
            question=question,
            text=rules.kept(question, typed.answer(question)) if question.kind != QuestionKind.FILE else "",
            file=files.get(question.pk),
        )
        for question in questions
    ]
    Answer.objects.bulk_create([row for row in rows if row.text or row.file_id])
    _remove_unused([file for file in before if file is not None])


def _claim(current: Application) -> None:
    """A municipality or an actor applies once: the first keeps the place, by the database's own rule."""
    Applying.objects.filter(application=current).delete()
    if current.call.applicants == Applicants.PERSON:
        return
    is_actor = current.call.applicants == Applicants.ACTOR
    applies = {"actor_id": current.actor_id} if is_actor else {"place": current.place}
    try:
        with transaction.atomic():
            Applying.objects.create(call=current.call, application=current, **applies)
    except IntegrityError as error:
        name = current.actor_name if is_actor or current.place is None else current.place.display_name
        raise Refused(queries.taken(name)) from error


@transaction.atomic
def withdraw(*, application: Application, now: datetime) -> Application:
    """Take back what was sent in. It is kept, and can be put back until the deadline. Raises Refused."""
    current = locked(application)
    if current.state == ApplicationState.WITHDRAWN:
        return current
    if current.state != ApplicationState.SUBMITTED:
        raise Refused(_("There is nothing sent in to withdraw."))
    if current.call.state not in WITHDRAWABLE:
        raise Refused(_("It is too late to withdraw. If you are offered a place, you can say no to it."))
    Applying.objects.filter(application=current).delete()
    log = log_transition(subject=current, machine=APPLICATION, to=ApplicationState.WITHDRAWN, by=None, now=now)
    tell_withdrawn(application=current, key=f"calls withdrawn {log.pk}", now=now)
    return current


@transaction.atomic
def restore(*, application: Application, now: datetime) -> Application:
    """Put back what was withdrawn, as it was sent in. Raises Refused when the call has closed."""
    current = locked(application)
    if current.state == ApplicationState.SUBMITTED:
        return current
    if current.state != ApplicationState.WITHDRAWN:
        raise Refused(_("There is nothing withdrawn to put back."))
    check_open(current.call, now)
    _claim(current)
    log = log_transition(subject=current, machine=APPLICATION, to=ApplicationState.SUBMITTED, by=None, now=now)
    tell_receipt(application=current, key=f"calls receipt {log.pk}", now=now)
    return current


@transaction.atomic
def hand_in(
    *,
    call: Call,
    email: str,
    name: str,
    place: Area,
    role: str = "",
    sector: str = "",
    actor_name: str = "",
    answers: Mapping[Question | int, str] | None = None,
    language: str = "sv",
    user: Any = None,
    now: datetime,
) -> Application:
    """Begin, fill in and send in at one moment, for scripts: all that holds for people holds here. Raises Refused."""
    application, _new = Application.objects.get_or_create(
        call=call,
        email=email.strip().lower(),
        is_sample=False,
        erased_at=None,
        defaults={"language": language, "user": user, "begun_at": now, "changed_at": now},
    )
    given = {asked if isinstance(asked, int) else asked.pk: text for asked, text in (answers or {}).items()}
    typed = Typed(name=name, place=place.key, role=role, sector=sector, actor_name=actor_name, answers=given)
    save(application=application, typed=typed, now=now)
    return submit(application=application, now=now)
