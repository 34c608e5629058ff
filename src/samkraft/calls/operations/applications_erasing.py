"""Erasing what tells who an applicant is, while what others can check stays as it is."""

from datetime import datetime

from django.db import transaction

from samkraft.notices.models import MailState, Notice
from samkraft.records.files import remove_file
from samkraft.records.operations import log_transition

from ..models import (
    APPLICATION,
    Application,
    ApplicationState,
    Applying,
    CallState,
    PoolMember,
    Review,
)
from ..models.applications import new_key
from ..queries.applications_export import files_of, mails_about
from .applications_sending import locked
from .replies import leave_by_erasure

# Until then nobody counts on the application, so that it simply takes no part.
BEFORE_THE_DRAW = (CallState.DRAFT, CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW, CallState.CANCELLED)


@transaction.atomic
def erase(*, application: Application, now: datetime) -> None:
    """Erase the person: answers, files, mails, what reviewers wrote; the link leads nowhere any more.

    An application that no draw is made with is withdrawn. Of one in a draw its random id alone stays in the
    published files and leads to nobody, so that the draw can be checked as before; a place that it holds is given
    up. The row, its state, its times and what was decided stay, without a name. Erasing twice changes nothing.
    """
    current = locked(application)
    if current.state == ApplicationState.SUBMITTED and current.call.state in BEFORE_THE_DRAW:
        log_transition(subject=current, machine=APPLICATION, to=ApplicationState.WITHDRAWN, by=None, now=now)
    leave_by_erasure(application=current, now=now)
    Applying.objects.filter(application=current).delete()
    PoolMember.objects.filter(application=current).update(
        application=None, salt="", features={}, type_number=None, optimal=None, drawn=None
    )
    Review.objects.filter(application=current).update(comment="", conflict_why="")
    forget_mails_about(current)
    files = files_of(current)
    current.answers.all().delete()
    current.attachments.all().delete()
    for file in files:
        remove_file(file=file)
    _blank(current, now)


def forget_mails_about(application: Application) -> None:
    """Mails hold a copy of the answers. What is being sent at this moment goes when the outbox is emptied."""
    mails_about(application).exclude(state=MailState.SENDING).delete()
    Notice.objects.filter(url__contains=f"/{application.key}:").delete()


def _blank(current: Application, now: datetime) -> None:
    current.email = f"erased-{current.pk}@application.invalid"
    current.key = new_key()
    current.user = current.place = current.actor = None
    current.name = current.actor_name = current.role = current.sector = ""
    current.working, current.working_at = {}, None
    current.erased_at = current.changed_at = now
    current.save()
