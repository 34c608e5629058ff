"""A mail from the organisers to a group of applicants."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import rules
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused

from ..models import Application, Call, GroupMail
from ..queries import group_mail as queries
from ..queries.filters import Wanted
from .applications import path_of
from .applications_mails import reader_of
from .letters import problem_of_words
from .reviews import NOT_YOURS, held

MAILS_A_DAY = 20
# Who presses twice, or two who send the same at once, send it once.
SAME_WITHIN = timedelta(minutes=10)


def problem(text: str) -> str:
    """What is wrong with words in braces, in one sentence; empty when nothing is."""
    return problem_of_words(text, ("name",))


@transaction.atomic
def send(
    *, call: Call, wanted: Wanted, chosen_by: Mapping[str, list[str]], subject: str, text: str, by: User, now: datetime
) -> GroupMail:
    """Write to every applicant that the filter finds now, each by the name where the text has "{name}".

    `chosen_by` is the filter as it stands in the address, and is kept with the mail. The same mail to the same group
    within ten minutes is not sent again: the first is returned. Raises Refused.
    """
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(NOT_YOURS)
    current = held(call)
    subject = " ".join(subject.split())
    if wrong := problem(subject) or problem(text):
        raise Refused(wrong)
    earlier = GroupMail.objects.filter(
        call=current, subject=subject, text=text, chosen_by=dict(chosen_by), at__gt=now - SAME_WITHIN
    ).first()
    if earlier is not None:
        return earlier
    receivers = queries.receivers(current, wanted)
    if not receivers:
        raise Refused(_("Nobody fits what you chose, so there is nobody to write to."))
    if not allow(action="calls.group_mail", account=by, limit=MAILS_A_DAY, period=timedelta(days=1), now=now):
        raise Refused(_("You have sent many mails today. Wait until tomorrow with the next."))
    mail = GroupMail.objects.create(
        call=current,
        subject=subject,
        text=text,
        chosen_by=dict(chosen_by),
        receivers=len(receivers),
        by=by,
        at=now,
    )
    for application in receivers:
        _tell(mail, current, application, now)
    return mail


def _tell(mail: GroupMail, call: Call, application: Application, now: datetime) -> None:
    context = {"call": call, "text": queries.addressed(mail.text, application)}
    tell(
        to=reader_of(application),
        kind="calls.organiser",
        subject=queries.addressed(mail.subject, application),
        text=from_template("calls/mail/group_mail.txt", context),
        url=path_of(application),
        language=application.language,
        now=now,
        dedupe_key=f"group mail {mail.pk} {application.pk}",
    )
