"""Posts that are mailed in to a network: taken in by a mail server's pipe, and handled by stewards."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import ActorPerson, Network, NetworkMembership, NetworkPerson
from samkraft.networks.models.memberships import MEMBER_STATES
from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.people.queries import stewards
from samkraft.records.files import remove_file, store_picture
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text

from ..models import MAILED_POST, MailedPicture, MailedPost, MailedState, Post, PostKind
from ..queries.posts import Author
from .mailed_parsing import MOST_BYTES, CannotRead, Mail, read
from .posts import Content, create_draft

PURPOSE = "feeds.mailed"
MOST_WAITING = 100
SETTLED_KEPT = timedelta(days=90)
# What a mail server understands (sysexits.h): taken or quietly dropped, unreadable, nobody there, try again later.
TAKEN, UNREADABLE, NOBODY, LATER = 0, 65, 67, 75
LANGUAGES = {"SE": "sv", "NO": "nb", "DK": "da"}


@dataclass(frozen=True)
class Outcome:
    """What a mail server is told: an exit code of sysexits.h, and a sentence, in English as mail servers speak."""

    exit_code: int
    sentence: str
    mailed: MailedPost | None = None


def address_for(network: Network) -> str:
    """Where a network without an editor mails its posts."""
    return f"post+{network.slug}@{_host()}"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def receive(*, raw: bytes, now: datetime) -> Outcome:
    """Take in one mail, once. What it says and from whom is not believed: it waits until a steward has read it."""
    if len(raw) > MOST_BYTES:
        return Outcome(UNREADABLE, "The mail is larger than 25 MB.")
    try:
        mail = read(raw)
    except CannotRead:
        return Outcome(UNREADABLE, "The mail cannot be read.")
    network = _network_of(mail)
    if network is None:
        return Outcome(TAKEN if mail.is_automatic else NOBODY, "There is no network with this address.")
    refusal = _refusal(mail, network)
    if refusal is not None:
        return refusal
    try:
        return Outcome(TAKEN, "The mail waits to be read by a steward.", _keep(mail, network, now))
    except IntegrityError:
        return Outcome(TAKEN, "This mail has been taken in before.")


def _refusal(mail: Mail, network: Network) -> Outcome | None:
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    if mail.is_automatic or mail.sender == ours or mail.sender.endswith(f"@{_host()}"):
        # Not sent back: the program at the other end may answer that, and so on for ever.
        return Outcome(TAKEN, "Automatic mail is not taken in.")
    if not mail.text and not mail.pictures:
        return Outcome(UNREADABLE, "The mail holds neither text nor pictures.")
    if MailedPost.objects.filter(message_id=mail.message_id).exists():
        return Outcome(TAKEN, "This mail has been taken in before.")
    if MailedPost.objects.filter(network=network, state=MailedState.WAITING).count() >= MOST_WAITING:
        return Outcome(LATER, "Many mails to this network wait to be read.")
    return None


def _network_of(mail: Mail) -> Network | None:
    """The network that the mail is for: post+<its address in our addresses>@<our host>."""
    pattern = re.compile(rf"post\+([-\w]{{1,80}})@{re.escape(_host())}", re.ASCII)
    slugs = [match.group(1) for match in map(pattern.fullmatch, mail.recipients) if match]
    return Network.objects.open().filter(slug__in=slugs).select_related("county").first() if slugs else None


@transaction.atomic
def _keep(mail: Mail, network: Network, now: datetime) -> MailedPost:
    mailed = MailedPost.objects.create(
        network=network,
        message_id=mail.message_id,
        sender=mail.sender,
        sender_is_known=is_known(network, mail.sender),
        subject=mail.subject,
        text=mail.text,
        received_at=now,
    )
    for attached in mail.pictures:
        try:
            with transaction.atomic():
                upload = SimpleUploadedFile(attached.name, attached.content)
                file = store_picture(upload=upload, purpose=PURPOSE, by=None, now=now)
                MailedPicture.objects.create(mailed=mailed, file=file)
        except Refused:
            # A signature's odd logo is no reason to lose the mail's words.
            continue
    for steward in stewards():
        tell(
            to=steward,
            kind="feeds.report",
            subject=format_lazy(_("A post has been mailed in for {network}"), network=network.name),
            text=from_template("feeds/mail/mailed_in.txt", {"mailed": mailed}),
            url=reverse_lazy("feeds:mailed_post", args=[mailed.pk]),
            now=now,
            dedupe_key=f"mailed {mailed.pk} to {steward.pk}",
        )
    return mailed


def is_known(network: Network, address: str) -> bool:
    """Whether an address is of somebody in the network, or of one of its members. Anybody can write it in a mail."""
    if address == network.contact_email.lower():
        return True
    members = NetworkMembership.objects.filter(network=network, state__in=MEMBER_STATES).values("actor")
    return (
        NetworkPerson.objects.active().filter(network=network, user__email=address).exists()
        or ActorPerson.objects.active().filter(actor__in=members, user__email=address).exists()
    )


@transaction.atomic
def make_draft(*, mailed: MailedPost, by: User, now: datetime) -> Post:
    """Make a draft by the network of what was mailed in. Its pictures wait until they are described. Raises Refused."""
    log_transition(subject=mailed, machine=MAILED_POST, to=MailedState.TAKEN, by=by, now=now)
    author = Author(mailed.network)
    content = Content(
        language=LANGUAGES.get(author.country, "sv"),
        title=mailed.subject or str(_("Without a title")),
        text=rich_text.from_plain(mailed.text),
        network=mailed.network,
    )
    post = create_draft(author=author, kind=PostKind.NEWS, content=content, by=by, now=now)
    mailed.post = post
    mailed.save(update_fields=["post"])
    return post


@transaction.atomic
def reject(*, mailed: MailedPost, why: str, by: User, now: datetime) -> None:
    """Do not use what was mailed in: its pictures are erased, and a sender whom the network knows is told why.

    Others are not answered: anybody can put a stranger's address into a mail. Raises Refused.
    """
    log_transition(subject=mailed, machine=MAILED_POST, to=MailedState.REJECTED, by=by, now=now, why=why)
    _erase_pictures(mailed)
    if not mailed.sender_is_known:
        return
    account = User.objects.filter(email=mailed.sender, is_active=True).first()
    tell(
        to=account or mailed.sender,
        language=None if account else LANGUAGES.get(Author(mailed.network).country),
        kind="feeds.moderation",
        subject=format_lazy(_("What you mailed in for {network} is not used"), network=mailed.network.name),
        text=from_template("feeds/mail/mailed_rejected.txt", {"mailed": mailed, "why": why}),
        now=now,
        dedupe_key=f"mailed rejected {mailed.pk}",
    )


def _erase_pictures(mailed: MailedPost) -> None:
    for picture in mailed.pictures.select_related("file"):
        file = picture.file
        picture.delete()
        remove_file(file=file)


@transaction.atomic
def forget_mailed(*, now: datetime) -> int:
    """Erase settled mails of long ago, with the pictures that no post uses. The posts stay. Returns how many."""
    old = MailedPost.objects.exclude(state=MailedState.WAITING).filter(received_at__lt=now - SETTLED_KEPT)
    mails = list(old)
    for mailed in mails:
        _erase_pictures(mailed)
        mailed.delete()
    return len(mails)
