"""What visitors send: received here, since it tells stewards, and notices lie above records.

The message, its lifecycle and its rules are in `records`.
"""

from datetime import datetime

from django.db import models, transaction
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.records.models import VISITOR_MESSAGE, MessageKind, MessageState, VisitorMessage
from samkraft.records.operations import log_transition

from .. import queries
from ..models import User

SUBJECTS = {
    MessageKind.ACCESSIBILITY: _("A visitor has reported an accessibility fault"),
    MessageKind.CONTENT: _("A visitor has reported content"),
}


@transaction.atomic
def receive_visitor_message(
    *,
    kind: str,
    text: str,
    page_address: str,
    email: str,
    language: str,
    now: datetime,
    subject: models.Model | None = None,
) -> VisitorMessage:
    """Keep what a visitor sent, about `subject` where it is about one thing, and tell every steward."""
    message = VisitorMessage.objects.create(
        kind=kind,
        text=text,
        page_address=page_address,
        email=email.lower(),
        language=language,
        received_at=now,
        subject=subject,
    )
    for steward in queries.stewards():
        tell(
            to=steward,
            kind="people.visitor_message",
            subject=SUBJECTS[MessageKind(kind)],
            text=from_template("people/mail/visitor_message.txt", {"message": message}),
            url=reverse_lazy("people:message", args=[message.pk]),
            now=now,
            dedupe_key=f"visitor message {message.pk} to {steward.pk}",
        )
    return message


def begin_message(*, message: VisitorMessage, by: User, now: datetime) -> None:
    """A steward takes the matter up. Raises IllegalMove."""
    log_transition(subject=message, machine=VISITOR_MESSAGE, to=MessageState.IN_PROGRESS, by=by, now=now)


@transaction.atomic
def close_message(*, message: VisitorMessage, to: str, answer: str, by: User, now: datetime) -> None:
    """Settle the matter and mail the answer if the visitor left an address. Raises IllegalMove."""
    log_transition(subject=message, machine=VISITOR_MESSAGE, to=to, by=by, now=now, why=answer)
    message.answer, message.closed_at = answer, now
    message.save(update_fields=["answer", "closed_at"])
    if message.email and answer:
        tell(
            to=message.email,
            language=message.language,
            kind="people.answer",
            subject=_("Answer to what you told us"),
            text=from_template("people/mail/answer.txt", {"message": message}),
            now=now,
            dedupe_key=f"visitor message answered {message.pk}",
        )
