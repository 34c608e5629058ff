"""Makers of calls in review and of what happens in them, by the operations themselves."""

from samkraft.calls.models import (
    CallState,
    Review,
)
from samkraft.calls.operations import reviews, reviews_judging, reviews_samples
from samkraft.notices.models import OutboxMessage

from . import factories_calls
from .factories import NOW


def closed_call(**fields):
    return factories_calls.call(**{"state": CallState.CLOSED, **fields})


def shared_out(call, organiser):
    return reviews.share_out(call=call, by=organiser, now=NOW)


def pairs():
    return set(Review.objects.values_list("application_id", "reviewer_id"))


def told(kind):
    return sorted(OutboxMessage.objects.filter(kind=kind).values_list("to_address", flat=True))


def judge(review, points, *, done=True, comment="", by=None):
    scales = review.application.call.scales.all()
    given = {scale.pk: number for scale, number in zip(scales, points, strict=False)}
    return reviews_judging.save_review(
        review=review, points=given, comment=comment, done=done, by=by or review.reviewer, now=NOW
    )


def reviewed_call(*scales, **fields):
    call = closed_call(**{"state": CallState.IN_REVIEW, **fields})
    for highest in scales or (5, 5):
        factories_calls.scale(call, highest=highest)
    return call


def given_review(call, **fields):
    return factories_calls.review(factories_calls.application(call, **fields), factories_calls.reviewer(call))


def sample_of(call, organiser, question, text="A text"):
    return reviews_samples.make_sample(call=call, answers={question.pk: text}, by=organiser, now=NOW)
