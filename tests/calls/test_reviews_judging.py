"""Reviewers judge in time and once, and give back what they are too close to."""

from decimal import Decimal

import pytest

from samkraft.calls.models import (
    ApplicationState,
    CallPerson,
    CallState,
    Review,
    ReviewState,
    Score,
)
from samkraft.calls.operations import reviews_judging
from samkraft.calls.queries import merit
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories import NOW
from ..factories_reviews import closed_call, given_review, judge, reviewed_call, shared_out, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_points_are_saved_on_the_way_and_done_when_all_are_there() -> None:
    review = given_review(reviewed_call())

    assert judge(review, [3], done=False, comment=" Half read. ").state == ReviewState.ASSIGNED
    with pytest.raises(Refused, match="every scale"):
        judge(review, [3])
    saved = judge(review, [3, 5], comment="Read.")
    assert (saved.state, saved.done_at, saved.comment) == (ReviewState.DONE, NOW, "Read.")
    assert merit.points_of(review.application.call) == {review.application_id: Decimal("4.00")}


def test_saving_a_done_review_on_the_way_keeps_it_done_until_points_are_missing() -> None:
    review = given_review(reviewed_call())
    judge(review, [3, 5])

    assert judge(review, [2, 5], done=False).state == ReviewState.DONE
    assert judge(review, [2], done=False).state == ReviewState.ASSIGNED
    assert list(review.scores.values_list("points", flat=True)) == [2]


@pytest.mark.parametrize("points", [0, 4, -1])
def test_points_that_the_scale_does_not_have_are_refused(points) -> None:
    review = given_review(reviewed_call(3))

    with pytest.raises(Refused, match="those that the scale has"):
        judge(review, [points])
    assert Score.objects.count() == 0


def test_reviews_are_written_while_the_call_is_closed_too() -> None:
    review = given_review(reviewed_call(5, state=CallState.CLOSED))

    assert judge(review, [4]).state == ReviewState.DONE


def test_points_of_another_calls_scale_are_left_out() -> None:
    review, other = given_review(reviewed_call(5)), reviewed_call(5)
    stranger = other.scales.get()

    reviews_judging.save_review(
        review=review, points={stranger.pk: 3}, comment="", done=False, by=review.reviewer, now=NOW
    )
    assert Score.objects.count() == 0


@pytest.mark.parametrize(
    "state", [CallState.OPEN, CallState.COMMITTED, CallState.DRAWN, CallState.DECIDED, CallState.ANNOUNCED]
)
def test_points_after_the_review_has_closed_are_refused_and_the_earlier_stay(state) -> None:
    call = reviewed_call(5)
    review = given_review(call)
    judge(review, [4], comment="Early.")
    call.state = state
    call.save()

    with pytest.raises(Refused, match="The review is closed"):
        judge(Review.objects.get(pk=review.pk), [1], comment="Late.")
    review.refresh_from_db()
    assert (review.comment, review.scores.get().points) == ("Early.", 4)


def test_only_the_one_who_was_asked_and_still_reviews_can_judge() -> None:
    call = reviewed_call(5)
    review = given_review(call)

    with pytest.raises(Refused, match="Only the one who was asked"):
        judge(review, [4], by=factories_calls.reviewer(call))
    CallPerson.objects.filter(user=review.reviewer).update(ended_on=NOW.date())
    with pytest.raises(Refused, match="Only the one who was asked"):
        judge(review, [4])


def test_a_withdrawn_application_is_not_judged() -> None:
    review = given_review(reviewed_call(5), state=ApplicationState.WITHDRAWN)

    with pytest.raises(Refused, match="no longer takes part"):
        judge(review, [4])


def test_two_savings_of_one_review_at_once_leave_one_of_them_whole(at_once) -> None:
    call = reviewed_call(5, 5)
    review = given_review(call)

    def save(place: int) -> Review:
        points = [place + 1, place + 1]
        return judge(Review.objects.select_related("application__call").get(pk=review.pk), points, comment=str(place))

    results = at_once(save, 4)

    assert [type(result) for result in results] == [Review] * 4
    kept = Review.objects.get(pk=review.pk)
    assert set(kept.scores.values_list("points", flat=True)) == {int(kept.comment) + 1}
    assert kept.scores.count() == 2


def test_sharing_out_pressed_by_two_at_once_gives_everything_once(at_once) -> None:
    call = closed_call(reviews_wanted=1)
    organiser = factories_calls.organiser(call)
    factories_calls.reviewer(call)
    factories_calls.reviewer(call)
    for _number in range(4):
        factories_calls.application(call)

    results = at_once(lambda place: shared_out(call, organiser), 2)

    assert sorted(results) == [0, 4]
    assert Review.objects.count() == 4


# Conflicts of interest


def test_who_is_too_close_gives_it_back_and_another_reads_it() -> None:
    call = reviewed_call(5, reviews_wanted=1)
    organiser = factories_calls.organiser(call)
    review = given_review(call)
    other = factories_calls.reviewer(call)
    judge(review, [4], comment="Mine.", done=False)

    made = reviews_judging.declare_conflict(review=review, why=" We work together. ", by=review.reviewer, now=NOW)

    review.refresh_from_db()
    assert (review.state, review.conflict_why, review.comment) == (ReviewState.CONFLICT, "We work together.", "")
    assert review.scores.count() == 0
    assert made is not None
    assert (made.application, made.reviewer) == (review.application, other)
    assert told("calls.review") == [other.email]
    assert told("calls.work") == [organiser.email]
    assert "We work together." in OutboxMessage.objects.get(kind="calls.work").text
    with pytest.raises(Refused, match="no longer review"):
        judge(review, [4])


def test_a_conflict_without_anybody_left_is_told_to_the_organisers() -> None:
    call = reviewed_call(5)
    factories_calls.organiser(call)
    review = given_review(call)

    assert reviews_judging.declare_conflict(review=review, why="Kin", by=review.reviewer, now=NOW) is None
    assert "No other reviewer can read it." in OutboxMessage.objects.get(kind="calls.work").text
    assert shared_out(call, factories_calls.organiser(call)) == 0


def test_a_conflict_needs_a_reason_and_an_open_review() -> None:
    call = reviewed_call(5)
    review = given_review(call)
    with pytest.raises(Refused, match="Say in a few words why"):
        reviews_judging.declare_conflict(review=review, why=" ", by=review.reviewer, now=NOW)
    call.state = CallState.COMMITTED
    call.save()
    with pytest.raises(Refused, match="The review is closed"):
        reviews_judging.declare_conflict(review=review, why="Kin", by=review.reviewer, now=NOW)
