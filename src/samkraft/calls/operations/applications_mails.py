"""What an applicant is told by mail about an application."""

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.models import OutboxMessage
from samkraft.notices.operations import tell

from ..models import Application
from ..queries import applications as queries
from .applications import path_of

RECEIPT = "calls.receipt"
DEADLINE = "calls.deadline"


def reader_of(application: Application) -> Any:
    """The account, so that it is told on the site too, where the application goes by the account's address."""
    user = application.user
    return user if user is not None and user.email.lower() == application.email else application.email


def tell_receipt(*, application: Application, key: str, now: datetime) -> OutboxMessage:
    """That it is sent in, what happens next, and a copy of all answers."""
    subject = _("We have received your application: {call}")
    return _tell(application, RECEIPT, subject, "calls/mail/receipt.txt", key, now, rows=_rows(application))


def tell_withdrawn(*, application: Application, key: str, now: datetime) -> OutboxMessage:
    subject = _("Your application is withdrawn: {call}")
    return _tell(application, RECEIPT, subject, "calls/mail/withdrawn.txt", key, now)


def tell_deadline(*, application: Application, key: str, now: datetime) -> OutboxMessage:
    """That the call closes soon and what was begun is not sent in."""
    subject = _("Your application is not sent in yet: {call}")
    until = application.call.closes_at
    return _tell(application, DEADLINE, subject, "calls/mail/deadline.txt", key, now, useful_until=until)


def _rows(application: Application) -> Any:
    # Asked for when the mail is written, so that the words are in its language.
    return lambda: queries.rows_sent_in(application)


def _tell(
    application: Application,
    kind: str,
    subject: Promise | str,
    template: str,
    key: str,
    now: datetime,
    *,
    useful_until: datetime | None = None,
    **words: Any,
) -> OutboxMessage:
    context = {"application": application, "call": application.call, **words}
    return tell(
        to=reader_of(application),
        language=application.language,
        kind=kind,
        subject=format_lazy(subject, call=application.call.title),
        text=from_template(template, context),
        url=path_of(application),
        now=now,
        dedupe_key=key,
        useful_until=useful_until,
    )
