"""What applicants and organisers are told about decisions, each in their own language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User

from ..models import Application, Call, Decision
from ..queries import decisions as queries
from ..queries.decisions_letters import Wording, moment, values_for

DECISION, ANSWER, WORK = "calls.decision", "calls.answer", "calls.work"
SALT = "samkraft.calls.reply"


def token_of(decision: Decision) -> str:
    """What the link in a letter holds. Fetch `application` with it."""
    return signing.Signer(salt=SALT).sign(decision.application.key)


def decision_of(token: str) -> Decision | None:
    """The decision that a token of ours is for; None before its call is announced, and once its person is erased."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    application = Application.objects.filter(key=key).first()
    return queries.told_to(application) if application is not None else None


def reply_address(decision: Decision) -> Promise:
    return reverse_lazy("calls:reply", args=[token_of(decision)])


def receiver(application: Application) -> User | str:
    """The applicant's account, if the application's address is the account's; else the address."""
    user = application.user
    if user is not None and user.is_active and user.email.lower() == application.email.lower():
        return user
    return application.email


def send_letter(
    *,
    decision: Decision,
    wordings: Mapping[tuple[str, str], Wording],
    position: int | None,
    now: datetime,
    key: str,
    took_part: bool = True,
) -> None:
    """Tell the applicant what was decided, in their language and the organiser's words. Each key is sent once.

    `took_part`: whether the applicant was in the draw.
    """
    application, call = decision.application, decision.call
    with override(application.language):
        values = values_for(call, application, answer_by=decision.answer_by, position=position, took_part=took_part)
        letter = wordings[decision.outcome, application.language].filled(values)
    tell(
        to=receiver(application),
        language=application.language,
        kind=DECISION,
        subject=letter.subject,
        text=letter.text,
        url=reply_address(decision),
        now=now,
        dedupe_key=f"call decision {decision.pk} {key}",
    )


def tell_applicant(
    *,
    decision: Decision,
    subject: Promise,
    template: str,
    now: datetime,
    key: str,
    kind: str = DECISION,
    useful_until: datetime | None = None,
) -> None:
    """A short mail from one of our templates: a receipt, a reminder, that the time has passed."""
    application, call = decision.application, decision.call
    context = {"call": call.title, "name": application.name, "decision": decision}
    with override(application.language):
        context["answer_by"] = moment(decision.answer_by, call.time_zone)
    tell(
        to=receiver(application),
        language=application.language,
        kind=kind,
        subject=format_lazy(subject, call=call.title),
        text=from_template(f"calls/mail/{template}.txt", context),
        url=reply_address(decision),
        now=now,
        useful_until=useful_until,
        dedupe_key=f"call decision {decision.pk} {key}",
    )


def tell_organisers(
    *, call: Call, subject: Promise, template: str, url: Promise, now: datetime, key: str, **context: Any
) -> None:
    words = {"call": call.title, **context}
    for person in queries.organisers_of(call):
        tell(
            to=person,
            kind=WORK,
            subject=format_lazy(subject, **words),
            text=from_template(f"calls/mail/{template}.txt", words),
            url=url,
            now=now,
            dedupe_key=f"call work {call.pk} {key} {person.pk}",
        )


def tell_free_places(*, call: Call, vacancies: Sequence[Decision], nobody_waits: bool, now: datetime) -> None:
    """Places have become free that nobody from the list can take as the limits are: the organisers decide.

    One mail, however many there are at once; about each place once.
    """
    fresh = [vacancy for vacancy in vacancies if vacancy.told_free_at is None]
    if not fresh:
        return
    Decision.objects.filter(pk__in=[vacancy.pk for vacancy in fresh]).update(told_free_at=now)
    tell_organisers(
        call=call,
        subject=ngettext_lazy(
            "A free place waits for your decision: {call}",
            "{count} free places wait for your decision: {call}",
            len(fresh),
        ),
        template="decision_free_place",
        url=reverse_lazy("calls:replace", args=[call.slug, fresh[0].pk]),
        count=len(fresh),
        nobody_waits=nobody_waits,
        now=now,
        key=f"free place {fresh[0].pk}",
    )


def tell_accepted(*, decision: Decision, now: datetime) -> None:
    subject = _("You have accepted your place: {call}")
    tell_applicant(decision=decision, subject=subject, template="decision_accepted", now=now, key="accepted")


def tell_declined(*, decision: Decision, now: datetime) -> None:
    subject = _("You have given your place back: {call}")
    tell_applicant(decision=decision, subject=subject, template="decision_declined", now=now, key="declined")


def tell_left_list(*, decision: Decision, now: datetime) -> None:
    subject = _("You have left the waiting list: {call}")
    tell_applicant(decision=decision, subject=subject, template="decision_left_list", now=now, key="left list")


def tell_expired(*, decision: Decision, now: datetime) -> None:
    subject = _("The time to answer has passed: {call}")
    tell_applicant(decision=decision, subject=subject, template="decision_expired", now=now, key="expired")


def remind(*, decision: Decision, now: datetime) -> None:
    tell_applicant(
        decision=decision,
        subject=_("Say whether you take your place: {call}"),
        template="decision_reminder",
        kind=ANSWER,
        now=now,
        key="reminder",
        useful_until=decision.answer_by or now + timedelta(days=3),
    )
