"""What a reviewer does with an application: gives points and a comment, or says that they cannot judge it."""

from collections.abc import Mapping
from datetime import datetime

import rules
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.refusals import Refused

from ..models import Application, ApplicationState, Call, Review, ReviewState, Scale, Score
from ..queries import merit
from ..queries import reviews as queries
from ..rules import assigning
from .reviews import held, tell_reviewer

CLOSED = _("The review is closed, so points and comments can no longer be changed.")
NOT_READABLE = _("This application no longer takes part, so it is not judged.")


@transaction.atomic
def save_review(
    *, review: Review, points: Mapping[int, int], comment: str, done: bool, by: User, now: datetime
) -> Review:
    """Keep the points by the ids of the scales, and the comment: what was kept before is replaced as a whole.

    A review that was done stays so as long as every scale has points, so that saving on the way takes nothing
    back. Raises Refused, once the review has closed too.
    """
    current, call = _held(review, by)
    scales = merit.scales_of(call)
    given = {scale.pk: points[scale.pk] for scale in scales if scale.pk in points}
    _check(scales, given)
    whole = len(given) == len(scales)
    if done and not whole:
        raise Refused(_("Give points on every scale before you say that you are done."))
    current.scores.exclude(scale__in=given).delete()
    for scale, number in given.items():
        Score.objects.update_or_create(review=current, scale_id=scale, defaults={"points": number})
    current.comment = comment.strip()
    if whole and (done or current.state == ReviewState.DONE):
        current.state, current.done_at = ReviewState.DONE, current.done_at or now
    else:
        current.state, current.done_at = ReviewState.ASSIGNED, None
    current.save()
    return current


@transaction.atomic
def declare_conflict(*, review: Review, why: str, by: User, now: datetime) -> Review | None:
    """Give back an application that one cannot judge fairly. What was written about it is erased.

    It goes to the reviewer with least to read who can judge it; the organisers are told. Returns the new review, or
    None when nobody is left. Raises Refused.
    """
    if not why.strip():
        raise Refused(_("Say in a few words why, so that the organisers understand."))
    current, call = _held(review, by, before_samples=True)
    if current.application.is_sample:
        raise Refused(_("The samples are judged by everybody."))
    current.scores.all().delete()
    current.state, current.conflict_why = ReviewState.CONFLICT, why.strip()
    current.comment, current.done_at = "", None
    current.save()
    instead = _given_to_another(call, current.application, now)
    _tell_organisers(call, current, instead, now)
    return instead


def _held(review: Review, by: User, *, before_samples: bool = False) -> tuple[Review, Call]:
    if not rules.test_rule("calls.judges", by, review):
        raise Refused(_("Only the one who was asked to review can do this."))
    application = review.application
    call = held(application.call)
    if not queries.is_open(call, samples=application.is_sample):
        raise Refused(CLOSED)
    current = Review.objects.select_for_update(of=["self"]).select_related("application").filter(pk=review.pk).first()
    if current is None or current.state == ReviewState.CONFLICT:
        raise Refused(_("You no longer review this application."))
    if application.is_sample or before_samples:
        return current, call
    if current.application.state != ApplicationState.SUBMITTED:
        raise Refused(NOT_READABLE)
    if any(sample.state == ReviewState.ASSIGNED for sample in queries.own_reviews(by, call, samples=True)):
        raise Refused(_("Judge the samples first. Then you all see whether you understand the scales alike."))
    return current, call


def _check(scales: list[Scale], given: Mapping[int, int]) -> None:
    for scale in scales:
        if scale.pk in given and not 1 <= given[scale.pk] <= scale.highest:
            raise Refused(_("The points have to be those that the scale has."))


def _given_to_another(call: Call, application: Application, now: datetime) -> Review | None:
    """The same sharing out as for everybody, for this one application."""
    rows = Review.objects.filter(application__call=call, application__is_sample=False)
    kept = set(rows.exclude(state=ReviewState.CONFLICT).values_list("application_id", "reviewer_id"))
    conflicts = set(rows.filter(state=ReviewState.CONFLICT).values_list("application_id", "reviewer_id"))
    reviewers = queries.reviewers_of(call)
    pairs = assigning.share_out(
        [application.pk],
        [reviewer.pk for reviewer in reviewers],
        call.reviews_wanted,
        conflicts=conflicts | queries.detected_conflicts([application], reviewers),
        kept=kept,
        key=call.slug,
    )
    if not pairs or application.state != ApplicationState.SUBMITTED:
        return None
    made = Review.objects.create(application=application, reviewer_id=pairs[0][1], assigned_at=now)
    reviewer = next(user for user in reviewers if user.pk == made.reviewer_id)
    tell_reviewer(
        call,
        reviewer,
        subject=format_lazy(_("You are asked to review applications for {call}"), call=call.title),
        text="review_assigned",
        now=now,
        key=f"reviews assigned {reviewer.pk} {made.pk}",
        count=1,
    )
    return made


def _tell_organisers(call: Call, review: Review, instead: Review | None, now: datetime) -> None:
    context = {
        "call": call,
        "reviewer": str(review.reviewer),
        "number": review.application_id,
        "why": review.conflict_why,
        "instead": str(instead.reviewer) if instead else "",
    }
    for organiser in queries.organisers_of(call):
        tell(
            to=organiser,
            kind="calls.work",
            subject=format_lazy(_("A reviewer cannot judge one of the applications to {call}"), call=call.title),
            text=from_template("calls/mail/review_conflict.txt", context),
            url=reverse_lazy("calls:application_read", args=[call.slug, review.application_id]),
            now=now,
            dedupe_key=f"review conflict {review.pk} {organiser.pk}",
        )
