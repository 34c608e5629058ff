"""Beginning an application: by mail without an account, or at once for a reader whose address is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.queries import verified_addresses
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused

from ..links import application_path, form_path
from ..models import Application, ApplicationState, Call
from ..queries import applications as queries
from ..rules.applying import Window
from ..rules.windows import moment_in_words

LINK = "calls.link"
MOST_ASKED_OF_AN_ADDRESS = 5
MOST_LINKS = 10

# The addresses of an application's pages in the language of the mail, found when the mail is written.
path_of = lazy(application_path, str)
form_path_of = lazy(form_path, str)


@dataclass(frozen=True)
class Mailbox:
    """An e-mail address, counted by the rate limits as accounts are."""

    pk: str


def check_open(call: Call, now: datetime) -> None:
    """Raise Refused, with what to do instead, when the call takes no applications at the moment."""
    match queries.window_of(call, now):
        case Window.CANCELLED:
            raise Refused(_("The call is cancelled."))
        case Window.NOT_YET:
            raise Refused(_("The call is not open yet."))
        case Window.OVER:
            raise Refused(closed_sentence(call, now))


def closed_sentence(call: Call, now: datetime) -> str:
    """That the call has closed, and when."""
    if call.closes_at is None or call.closes_at > now:
        return _("The call takes no more applications.")
    return _("The call closed on %(moment)s.") % {"moment": moment_in_words(call.closes_at, call.time_zone)}


@transaction.atomic
def begin(*, call: Call, email: str, language: str, now: datetime) -> Application:
    """Mail a link to the form, of the application that is begun or of a new one. Raises Refused.

    What the page says is the same whether there was one; the mail tells.
    """
    check_open(call, now)
    email = email.strip().lower()
    _limit_mails(email, now)
    application, _new = _begun(call, email, language, now)
    _tell_link(application, now)
    return application


@transaction.atomic
def begin_as_reader(*, call: Call, user: Any, now: datetime) -> Application:
    """The reader's application, begun with what the platform knows of them or gone on with. Raises Refused."""
    check_open(call, now)
    email, addresses = user.email.lower(), verified_addresses(user)
    if email not in addresses:
        raise Refused(_("Confirm your e-mail address first."))
    theirs = Q(user=user) | Q(email__in=addresses)
    application, new = Application.objects.real().filter(theirs, call=call, erased_at=None).first(), False
    if application is None:
        application, new = _begun(call, email, user.language, now)
    application.user = user
    application.confirmed_at = application.confirmed_at or now
    if new:
        application.working = queries.known_of(user, call).as_working()
        application.working_at = now
    application.save(update_fields=["user", "confirmed_at", "working", "working_at"])
    return application


@transaction.atomic
def send_link(*, call: Call, email: str, now: datetime) -> None:
    """Mail the link again, also when the call has closed. Where there is no application nothing is mailed."""
    email = email.strip().lower()
    _limit_mails(email, now)
    application = Application.objects.real().filter(call=call, email=email, erased_at=None).first()
    if application is not None:
        _tell_link(application, now)


@transaction.atomic
def send_links(*, email: str, now: datetime) -> None:
    """Mail the links of all applications with an address, for one whose link is broken. Raises Refused."""
    email = email.strip().lower()
    _limit_mails(email, now)
    rows = Application.objects.real().filter(email=email, erased_at=None).select_related("call")
    for application in rows.order_by("-pk")[:MOST_LINKS]:
        _tell_link(application, now)


def _begun(call: Call, email: str, language: str, now: datetime) -> tuple[Application, bool]:
    return Application.objects.get_or_create(
        call=call,
        email=email,
        is_sample=False,
        erased_at=None,
        defaults={"language": language, "begun_at": now, "changed_at": now},
    )


def _limit_mails(email: str, now: datetime) -> None:
    """Each asking is a mail to somebody who may not have asked for it. Raises Refused."""
    day = timedelta(days=1)
    if not allow(action=LINK, account=Mailbox(email), limit=MOST_ASKED_OF_AN_ADDRESS, period=day, now=now):
        raise Refused(_("Many mails have been asked for to that address today. Look in your inbox, or wait a day."))


def _tell_link(application: Application, now: datetime) -> None:
    call = application.call
    is_draft = application.state == ApplicationState.DRAFT
    tell(
        to=application.email,
        language=application.language,
        kind=LINK,
        subject=format_lazy(gettext_lazy("Your link to {call}"), call=call.title),
        text=from_template(
            "calls/mail/link.txt", {"application": application, "call": call, "site_name": settings.SITE_NAME}
        ),
        url=form_path_of(application) if is_draft else path_of(application),
        now=now,
    )
