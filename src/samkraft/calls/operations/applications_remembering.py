"""What the worker does about applications: reminds of drafts, and forgets what is no longer needed.

An application whose link nobody ever used goes 30 days after the deadline: it may be at a wrong address. What was
begun and never sent in, or was withdrawn, can be read for 180 days after the deadline and is then erased. What took
part is kept with its call.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat

from samkraft.notices.models import OutboxMessage
from samkraft.records.files import remove_file
from samkraft.records.refusals import Refused

from ..models import Application, ApplicationState, CallState
from ..queries.applications_export import files_of
from ..rules.applying import KEPT, UNCONFIRMED_KEPT
from .applications_erasing import erase, forget_mails_about
from .applications_mails import tell_deadline

REMINDED_BEFORE = timedelta(days=3)
KEY = "calls deadline "


def remind_of_drafts(*, now: datetime, limit: int = 200) -> int:
    """Remind, three days before the deadline and once, those who have begun earlier than that. Returns how many."""
    told = OutboxMessage.objects.filter(
        dedupe_key=Concat(Value(KEY), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    )
    due = Application.objects.real().filter(
        state=ApplicationState.DRAFT,
        erased_at=None,
        confirmed_at__isnull=False,
        begun_at__lte=F("call__closes_at") - REMINDED_BEFORE,
        call__state=CallState.OPEN,
        call__opens_at__lte=now,
        call__closes_at__gt=now,
        call__closes_at__lte=now + REMINDED_BEFORE,
    )
    rows = due.exclude(Exists(told)).select_related("call", "user").order_by("pk")
    reminded = list(rows[:limit])
    for application in reminded:
        tell_deadline(application=application, key=f"{KEY}{application.pk}", now=now)
    return len(reminded)


def forget_unsent(*, now: datetime, limit: int = 200) -> int:
    """Delete what was never sent in, and erase what was withdrawn, when its time is over. Returns how many."""
    old = Application.objects.filter(erased_at=None, is_sample=False)
    drafts = old.filter(state=ApplicationState.DRAFT)
    unconfirmed = drafts.filter(confirmed_at=None, call__closes_at__lt=now - UNCONFIRMED_KEPT)
    unsent = drafts.filter(confirmed_at__isnull=False, call__closes_at__lt=now - KEPT)
    withdrawn = old.filter(state=ApplicationState.WITHDRAWN, call__closes_at__lt=now - KEPT)
    forgotten = 0
    for application in [*unconfirmed[:limit], *unsent[:limit]]:
        forgotten += _delete(application)
    for application in withdrawn[:limit]:
        forgotten += _erase(application, now)
    return forgotten


@transaction.atomic
def _delete(application: Application) -> bool:
    """Of an application that nobody has seen but its applicant, nothing need stay."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk=application.pk)
    current = rows.filter(state=ApplicationState.DRAFT).first()
    if current is None:
        return False
    files = files_of(current)
    forget_mails_about(current)
    current.delete()
    for file in files:
        remove_file(file=file)
    return True


def _erase(application: Application, now: datetime) -> bool:
    try:
        erase(application=application, now=now)
    except Refused:
        return False
    return True
