"""Reports of posts, and what those who look after a place decide about them."""

from datetime import datetime, timedelta

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.people.operations.moderation import receive_visitor_message
from samkraft.records.models import MessageKind, MessageState, VisitorMessage
from samkraft.records.operations import IllegalMove, log_transition
from samkraft.records.refusals import Refused

from ..models import POST_REPORT, Decision, ModerationDecision, Post, PostState
from ..queries.moderation import moderators_of, open_reports
from ..queries.posts import whole, writers_for
from .posts import NotAllowed, bring_back, take_down

# What a stranger may send in an hour.
MOST_REPORTS = 5
REPORTS_PERIOD = timedelta(hours=1)


@transaction.atomic
def receive_report(*, post: Post, text: str, email: str, language: str, now: datetime) -> VisitorMessage:
    """Keep what a reader says about a post; tell the stewards and those who look after the post's places."""
    message = receive_visitor_message(
        kind=MessageKind.CONTENT,
        text=text,
        page_address=post.get_absolute_url(),
        email=email,
        language=language,
        now=now,
        subject=post,
    )
    for moderator in moderators_of(post):
        tell(
            to=moderator,
            kind="feeds.report",
            subject=format_lazy(_("A reader has reported the post “{title}”"), title=post.title),
            text=from_template("feeds/mail/reported.txt", {"message": message, "post": post}),
            url=reverse_lazy("feeds:moderate_post", args=[post.pk]),
            now=now,
            dedupe_key=f"report {message.pk} to {moderator.pk}",
        )
    return message


@transaction.atomic
def keep_post(*, post: Post, why: str, answer: str, seen: int, by: User, now: datetime) -> ModerationDecision:
    """Let a reported post stay, and answer those who reported it.

    `seen` is the last report that the person has read: later ones stay open. Raises Refused when somebody else
    has settled the reports meanwhile.
    """
    current = _looked_after(post, by)
    reports = list(open_reports(current).select_for_update().filter(pk__lte=seen))
    if not reports:
        raise IllegalMove(_("Somebody else has just handled this matter. Look at it again."))
    _settle(reports, MessageState.REJECTED, why, answer, by, now)
    return _decided(current, Decision.KEPT, why, by, now)


@transaction.atomic
def unpublish_post(*, post: Post, why: str, answer: str, seen: int, by: User, now: datetime) -> ModerationDecision:
    """Unpublish what another has told, with a reason that its author is told; reports of it are settled."""
    current = _looked_after(post, by)
    if current.state != PostState.PUBLISHED:
        raise IllegalMove(_("This post is not published any more. Look at it again."))
    take_down(current, why=why, by=by, now=now)
    reports = list(open_reports(current).select_for_update().filter(pk__lte=seen))
    _settle(reports, MessageState.DONE, why, answer, by, now)
    decision = _decided(current, Decision.UNPUBLISHED, why, by, now)
    _tell_author(decision, _("Your post “{title}” has been unpublished"), now)
    return decision


@transaction.atomic
def restore_post(*, post: Post, why: str, by: User, now: datetime) -> ModerationDecision:
    """Publish an unpublished post again, at its old place, and tell its author. Raises Refused."""
    current = _looked_after(post, by)
    if current.state != PostState.UNPUBLISHED:
        raise IllegalMove(_("This post is not unpublished any more. Look at it again."))
    bring_back(current, why=why, by=by, now=now)
    decision = _decided(current, Decision.RESTORED, why, by, now)
    _tell_author(decision, _("Your post “{title}” is published again"), now)
    return decision


def _looked_after(post: Post, by: User) -> Post:
    current = whole(Post.objects.select_for_update(of=("self",))).get(pk=post.pk)
    if not rules.test_rule("feeds.moderates", by, current):
        raise NotAllowed(_("Only those who look after the place of this post can decide about it."))
    return current


def _decided(post: Post, decision: str, why: str, by: User, now: datetime) -> ModerationDecision:
    if not why.strip():
        raise Refused(_("Write why, so that others can follow the decision."))
    return ModerationDecision.objects.create(post=post, decision=decision, why=why.strip(), by=by, at=now)


def _settle(reports: list[VisitorMessage], to: str, why: str, answer: str, by: User, now: datetime) -> None:
    """Close reports, and mail the answer to those who left an address."""
    for report in reports:
        log_transition(subject=report, machine=POST_REPORT, to=to, by=by, now=now, why=why)
        report.answer, report.closed_at = answer, now
        report.save(update_fields=["answer", "closed_at"])
        if report.email and answer:
            tell(
                to=report.email,
                language=report.language,
                kind="people.answer",
                subject=_("Answer to what you told us"),
                text=from_template("people/mail/answer.txt", {"message": report}),
                now=now,
                dedupe_key=f"visitor message answered {report.pk}",
            )


def _tell_author(decision: ModerationDecision, subject: str, now: datetime) -> None:
    """Tell all who answer for the post, except whoever decided."""
    for user in writers_for(decision.post):
        if user.pk == decision.by_id:
            continue
        tell(
            to=user,
            kind="feeds.moderation",
            subject=format_lazy(subject, title=decision.post.title),
            text=from_template("feeds/mail/decided.txt", {"decision": decision, "post": decision.post}),
            url=reverse_lazy("feeds:post_history", args=[decision.post_id]),
            now=now,
            dedupe_key=f"decision {decision.pk} to {user.pk}",
        )
