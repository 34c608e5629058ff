"""An organiser does not take up an application, with a reason, or takes it up again."""

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused

from ..models import APPLICATION, Application, ApplicationState, CallState
from .applications import path_of
from .applications_mails import reader_of
from .reviews import held

_TOO_LATE = _("The draw is prepared from the applications as they were, so this can no longer be changed.")
BEFORE_THE_DRAW = (CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW)


@transaction.atomic
def exclude(*, application: Application, why: str, by: User, now: datetime) -> Application:
    """Not take up an application. The applicant is told the reason. Raises Refused."""
    if not why.strip():
        raise Refused(_("Give the reason, so that the applicant understands."))
    subject = _("Your application to {call} is not taken up")
    return _moved(application, ApplicationState.EXCLUDED, subject, "application_excluded", why.strip(), by, now)


@transaction.atomic
def take_up_again(*, application: Application, by: User, now: datetime) -> Application:
    """Undo that an application was not taken up. The applicant is told. Raises Refused."""
    subject = _("Your application to {call} is taken up again")
    return _moved(application, ApplicationState.SUBMITTED, subject, "application_taken_up", "", by, now)


def _moved(
    application: Application, to: str, subject: str, text: str, why: str, by: User, now: datetime
) -> Application:
    call = held(application.call)
    if call.state not in BEFORE_THE_DRAW:
        raise Refused(_TOO_LATE)
    if application.is_sample or application.erased_at is not None:
        raise Refused(_("This can be done with applications only that somebody has sent in."))
    log = log_transition(subject=application, machine=APPLICATION, to=to, by=by, now=now, why=why)
    Application.objects.filter(pk=application.pk).update(changed_at=now)
    tell(
        to=reader_of(application),
        kind="calls.organiser",
        subject=format_lazy(subject, call=call.title),
        text=from_template(f"calls/mail/{text}.txt", {"call": call, "application": application, "why": why}),
        url=path_of(application),
        language=application.language,
        now=now,
        dedupe_key=f"application move {log.pk}",
    )
    return application
