"""Samples on which reviewers agree how to judge: seen by all reviewers, counted nowhere."""

import pytest

from samkraft.calls.models import (
    Application,
    Review,
    ReviewState,
)
from samkraft.calls.operations import reviews_samples
from samkraft.calls.queries import agreement, merit
from samkraft.calls.queries import reviews as queries
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories_reviews import closed_call, judge, reviewed_call, sample_of, shared_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_every_reviewer_judges_the_samples_before_the_applications() -> None:
    call = reviewed_call(5, reviews_wanted=1)
    organiser, question = factories_calls.organiser(call), factories_calls.question(call)
    first = factories_calls.reviewer(call)
    sample = sample_of(call, organiser, question)
    second = factories_calls.reviewer(call)
    review = factories_calls.review(factories_calls.application(call), first)
    shared_out(call, organiser)

    assert set(sample.reviews.values_list("reviewer", flat=True)) == {first.pk, second.pk}
    assert queries.next_review(first, call).application == sample
    with pytest.raises(Refused, match="Judge the samples first"):
        judge(review, [4])
    judge(sample.reviews.get(reviewer=first), [2])
    assert judge(review, [4]).state == ReviewState.DONE
    assert queries.next_review(first, call) is None


def test_samples_can_be_judged_while_the_call_is_open() -> None:
    call = factories_calls.call()
    factories_calls.scale(call)
    reader = factories_calls.reviewer(call)
    sample = sample_of(call, factories_calls.organiser(call), factories_calls.question(call))

    assert judge(sample.reviews.get(reviewer=reader), [3]).state == ReviewState.DONE


def test_samples_count_nowhere() -> None:
    call = reviewed_call(5, reviews_wanted=1)
    organiser, question = factories_calls.organiser(call), factories_calls.question(call)
    readers = [factories_calls.reviewer(call) for _number in range(2)]
    sample = sample_of(call, organiser, question)
    for reader, points in zip(readers, (1, 5), strict=True):
        judge(sample.reviews.get(reviewer=reader), [points])

    progress = queries.progress(call)
    assert (progress.applications, progress.all, progress.short) == (0, 0, 0)
    assert merit.points_of(call) == {}
    assert queries.points_spread(call).count == 0
    assert agreement.most_differing(call) == []
    assert not Application.objects.real().in_call(call).exists()
    assert not Application.objects.in_call(call).submitted().exists()


def test_samples_are_compared_by_who_is_done() -> None:
    call = reviewed_call(5, 5)
    organiser, question = factories_calls.organiser(call), factories_calls.question(call)
    readers = [factories_calls.reviewer(call) for _number in range(3)]
    sample = sample_of(call, organiser, question)
    judge(sample.reviews.get(reviewer=readers[0]), [1, 3], comment="Weak.")
    judge(sample.reviews.get(reviewer=readers[1]), [4, 3])
    judge(sample.reviews.get(reviewer=readers[2]), [5], done=False)

    (compared,) = agreement.samples_compared(call)

    assert compared.reviewers == [readers[0].name, readers[1].name]
    assert [(row.points, row.differ) for row in compared.scales] == [([1, 4], 3), ([3, 3], 0)]
    assert compared.comments == [(readers[0].name, "Weak.")]
    assert compared.sentence.startswith("The points differ most on “Scale 1”: from 1 to 4.")


def test_there_are_two_samples_at_most_and_one_can_be_removed() -> None:
    call = closed_call()
    organiser, question = factories_calls.organiser(call), factories_calls.question(call)
    factories_calls.reviewer(call)
    samples = [sample_of(call, organiser, question) for _number in range(2)]

    with pytest.raises(Refused, match="two samples already"):
        sample_of(call, organiser, question)
    reviews_samples.remove_sample(sample=samples[0], by=organiser)
    assert Review.objects.count() == 1
    with pytest.raises(Refused, match="already been removed"):
        reviews_samples.remove_sample(sample=samples[0], by=organiser)
    real = factories_calls.application(call)
    with pytest.raises(Refused, match="already been removed"):
        reviews_samples.remove_sample(sample=real, by=organiser)
    with pytest.raises(Refused, match="at least one answer"):
        sample_of(call, organiser, question, text="  ")
