"""Who reviews what: shared out, added, taken away, reminded. Every change is made while the call is held."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import CALL, Application, Call, CallState, Review, ReviewState
from ..queries import reviews as queries
from ..rules import assigning

NOT_OPEN = _("Reviewing begins when the call has closed, and ends when the draw is prepared.")
NOT_YOURS = _("Only those who run the call can do this.")


def held(call: Call) -> Call:
    """The call as it is now, held until the transaction ends, so that nothing is judged while the draw is prepared."""
    return Call.objects.select_for_update().get(pk=call.pk)


def _organised(call: Call, by: User) -> Call:
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(NOT_YOURS)
    current = held(call)
    if not queries.is_open(current):
        raise Refused(NOT_OPEN)
    return current


@transaction.atomic
def share_out(*, call: Call, by: User, now: datetime) -> int:
    """Give each application the reviewers that it lacks, evenly and never one who is too close to it.

    What is shared out already stays, except what belongs to somebody who does not review the call any more, or who
    has since been found to be too close. Reviewing has then begun. Returns how many new reviews there are. Raises
    Refused.
    """
    current = _organised(call, by)
    reviewers = queries.reviewers_of(current)
    if not reviewers:
        raise Refused(_("The call has no reviewers yet. Invite them first."))
    _take_back(current, reviewers)
    for_samples(current, reviewers, now=now)
    applications = list(queries.to_be_reviewed(current))
    conflicts = queries.detected_conflicts(applications, reviewers)
    _set_aside(current, conflicts)
    kept, said = set(), set()
    rows = Review.objects.filter(application__in=applications)
    for application, reviewer, state in rows.values_list("application_id", "reviewer_id", "state"):
        (said if state == ReviewState.CONFLICT else kept).add((application, reviewer))
    pairs = assigning.share_out(
        [application.pk for application in applications],
        [reviewer.pk for reviewer in reviewers],
        current.reviews_wanted,
        conflicts=conflicts | said,
        kept=kept,
        key=current.slug,
    )
    made = _made(pairs, now)
    if current.state == CallState.CLOSED:
        log_transition(subject=current, machine=CALL, to=CallState.IN_REVIEW, by=by, now=now)
        changed(current.tag, "calls")
    _tell_assigned(current, reviewers, made, now)
    return len(made)


@transaction.atomic
def assign(*, application: Application, reviewer: User, by: User, now: datetime) -> Review:
    """Ask one more reviewer about an application. Raises Refused."""
    current = _organised(application.call, by)
    if not queries.to_be_reviewed(current).filter(pk=application.pk).exists():
        raise Refused(_("This application does not take part, so nobody is asked to review it."))
    if reviewer.pk not in {user.pk for user in queries.who_can_be_asked(application, current)}:
        raise Refused(_("This person cannot review the application."))
    (made,) = _made([(application.pk, reviewer.pk)], now)
    _tell_assigned(current, [reviewer], [made], now)
    return made


@transaction.atomic
def unassign(*, review: Review, by: User) -> None:
    """Take away a review that is not done. Raises Refused."""
    call = _organised(review.application.call, by)
    current = Review.objects.select_for_update().filter(pk=review.pk, application__call=call).first()
    if current is None:
        raise Refused(_("This review has already been taken away."))
    if current.state == ReviewState.DONE:
        raise Refused(_("This review is done and stays. Ask one more reviewer if you need another opinion."))
    if current.state == ReviewState.CONFLICT:
        raise Refused(_("This stays, so that the application is not given to the same person again."))
    current.delete()


@transaction.atomic
def remind(*, call: Call, by: User, now: datetime) -> int:
    """Remind the reviewers who have something left to read, at most once a day. Returns how many. Raises Refused."""
    current = _organised(call, by)
    lagging = queries.progress(current).lagging
    if not lagging:
        raise Refused(_("Nobody has anything left to read."))
    if not allow(action=f"calls.remind {call.pk}", account=by, limit=1, period=timedelta(days=1), now=now):
        raise Refused(_("You have already reminded them today."))
    for share in lagging:
        tell_reviewer(
            current,
            share.user,
            subject=format_lazy(_("You have applications to read for {call}"), call=current.title),
            text="review_remind",
            now=now,
            key=f"call {current.pk} remind {share.user.pk} {now.date()}",
            count=share.open,
        )
    return len(lagging)


def for_samples(call: Call, reviewers: Iterable[User], *, now: datetime) -> None:
    """Every reviewer judges every sample."""
    samples = Application.objects.in_call(call).filter(is_sample=True).values_list("pk", flat=True)
    reviews = [
        Review(application_id=sample, reviewer=reviewer, assigned_at=now)
        for sample in samples
        for reviewer in reviewers
    ]
    Review.objects.bulk_create(reviews, ignore_conflicts=True)


def tell_reviewer(
    call: Call, reviewer: User, *, subject: Promise, text: str, now: datetime, key: str, count: int = 0
) -> None:
    tell(
        to=reviewer,
        kind="calls.review",
        subject=subject,
        text=from_template(f"calls/mail/{text}.txt", {"call": call, "count": count}),
        url=reverse_lazy("calls:review_list", args=[call.slug]),
        now=now,
        dedupe_key=key,
    )


def _made(pairs: Collection[tuple[int, int]], now: datetime) -> list[Review]:
    return [
        Review.objects.create(application_id=application, reviewer_id=reviewer, assigned_at=now)
        for application, reviewer in pairs
    ]


def _take_back(call: Call, reviewers: Collection[User]) -> None:
    """What is not done, of those who do not review the call any more."""
    rows = Review.objects.filter(application__call=call, state=ReviewState.ASSIGNED)
    rows.exclude(reviewer__in=reviewers).delete()


def _set_aside(call: Call, conflicts: Collection[tuple[int, int]]) -> None:
    for review in Review.objects.filter(application__call=call, state=ReviewState.ASSIGNED):
        if (review.application_id, review.reviewer_id) in conflicts:
            review.scores.all().delete()
            review.state, review.is_detected = ReviewState.CONFLICT, True
            review.save()


def _tell_assigned(call: Call, reviewers: Iterable[User], made: Collection[Review], now: datetime) -> None:
    for reviewer in reviewers:
        own = [review for review in made if review.reviewer_id == reviewer.pk]
        if own:
            tell_reviewer(
                call,
                reviewer,
                subject=format_lazy(_("You are asked to review applications for {call}"), call=call.title),
                text="review_assigned",
                now=now,
                key=f"reviews assigned {reviewer.pk} {own[0].pk}",
                count=len(own),
            )
