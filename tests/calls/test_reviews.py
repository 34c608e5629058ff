"""Who reviews what: sharing out evenly and without conflicts, asking one more, taking away, reminding."""

from collections import Counter

import pytest

from samkraft.calls.models import (
    Applicants,
    ApplicationState,
    CallPerson,
    CallState,
    ReviewState,
)
from samkraft.calls.operations import reviews
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused

from .. import factories, factories_calls, factories_networks
from ..factories import NOW
from ..factories_reviews import closed_call, pairs, shared_out, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ELSEWHERE = ("1440", "Ale")


def test_sharing_out_gives_each_application_its_reviewers_evenly_and_begins_the_review() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    readers = [factories_calls.reviewer(call) for _number in range(3)]
    for _number in range(6):
        factories_calls.application(call)
    factories_calls.application(call, state=ApplicationState.WITHDRAWN)
    factories_calls.application(call, state=ApplicationState.DRAFT, submitted_at=None)

    assert shared_out(call, organiser) == 12
    assert Counter(reviewer for _application, reviewer in pairs()) == {reader.pk: 4 for reader in readers}
    call.refresh_from_db()
    assert call.state == CallState.IN_REVIEW
    assert TransitionLog.objects.of(call).get().by == organiser
    assert told("calls.review") == sorted(reader.email for reader in readers)
    assert "4 applications" in OutboxMessage.objects.filter(kind="calls.review")[0].text


def test_sharing_out_again_keeps_what_stands_and_gives_what_is_new_to_who_came() -> None:
    call = closed_call(reviews_wanted=1)
    organiser = factories_calls.organiser(call)
    first = factories_calls.reviewer(call)
    factories_calls.application(call)
    factories_calls.application(call)
    shared_out(call, organiser)
    before = pairs()
    second = factories_calls.reviewer(call)
    late = factories_calls.application(call)

    assert shared_out(call, organiser) == 1
    assert pairs() - before == {(late.pk, second.pk)}
    assert {reviewer for _application, reviewer in before} == {first.pk}
    assert shared_out(call, organiser) == 0


def test_nobody_is_given_what_comes_from_their_own_municipality_actor_or_hand() -> None:
    call = closed_call(reviews_wanted=3)
    organiser = factories_calls.organiser(call)
    neighbour, author, free = (factories_calls.reviewer(call) for _number in range(3))
    factories.member(factories.area(*ELSEWHERE), person=neighbour)
    factories_calls.application(call, place=factories.area(*ELSEWHERE))
    factories_calls.application(call, user=author)
    own_address = factories_calls.application(call, email=free.email)

    shared_out(call, organiser)

    assert (own_address.pk, free.pk) not in pairs()
    assert Counter(reviewer for _application, reviewer in pairs()) == {neighbour.pk: 2, author.pk: 2, free.pk: 2}


def test_nobody_is_given_what_an_actor_sends_in_that_they_speak_for() -> None:
    call = closed_call(applicants=Applicants.ACTOR, reviews_wanted=2)
    speaker, free = factories_calls.reviewer(call), factories_calls.reviewer(call)
    bakery = factories_networks.actor()
    factories_networks.speaker(bakery, person=speaker)
    factories_calls.application(call, actor=bakery, actor_name="The Bakery")

    assert shared_out(call, factories_calls.organiser(call)) == 1
    assert {reviewer for _application, reviewer in pairs()} == {free.pk}


def test_a_role_that_has_ended_keeps_nobody_away() -> None:
    call = closed_call(reviews_wanted=1)
    reviewer = factories_calls.reviewer(call)
    factories.member(factories.area(), person=reviewer, ended_on=NOW.date())
    factories_calls.application(call)

    assert shared_out(call, factories_calls.organiser(call)) == 1


def test_who_moved_to_the_municipality_is_set_aside_and_another_reads_it() -> None:
    call = closed_call(reviews_wanted=1)
    organiser = factories_calls.organiser(call)
    first = factories_calls.reviewer(call)
    application = factories_calls.application(call)
    shared_out(call, organiser)
    second = factories_calls.reviewer(call)
    factories.member(factories.area(), person=first)

    assert shared_out(call, organiser) == 1
    states = {review.reviewer_id: (review.state, review.is_detected) for review in application.reviews.all()}
    assert states == {first.pk: (ReviewState.CONFLICT, True), second.pk: (ReviewState.ASSIGNED, False)}


def test_what_a_former_reviewer_has_not_done_goes_to_others_and_what_is_done_stays() -> None:
    call = closed_call(reviews_wanted=1)
    factories_calls.scale(call)
    organiser = factories_calls.organiser(call)
    gone = factories_calls.reviewer(call)
    done, left = factories_calls.application(call), factories_calls.application(call)
    factories_calls.review(done, gone, 4)
    factories_calls.review(left, gone)
    CallPerson.objects.filter(user=gone).update(ended_on=NOW.date())
    other = factories_calls.reviewer(call)

    assert shared_out(call, organiser) == 1
    assert pairs() == {(done.pk, gone.pk), (left.pk, other.pk)}


@pytest.mark.parametrize(
    "state", [CallState.DRAFT, CallState.OPEN, CallState.COMMITTED, CallState.DRAWN, CallState.ANNOUNCED]
)
def test_sharing_out_is_refused_outside_the_time_of_review(state) -> None:
    call = factories_calls.call(state=state)
    factories_calls.reviewer(call)

    with pytest.raises(Refused, match="Reviewing begins when the call has closed"):
        shared_out(call, factories_calls.organiser(call))


def test_sharing_out_is_refused_without_reviewers_and_to_others() -> None:
    call = closed_call()
    with pytest.raises(Refused, match="no reviewers yet"):
        shared_out(call, factories_calls.organiser(call))
    reviewer = factories_calls.reviewer(call)
    with pytest.raises(Refused, match="Only those who run the call"):
        shared_out(call, reviewer)


def test_one_more_reviewer_is_asked_and_taken_away_while_nothing_is_done() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    application, reader = factories_calls.application(call), factories_calls.reviewer(call)

    made = reviews.assign(application=application, reviewer=reader, by=organiser, now=NOW)
    assert told("calls.review") == [reader.email]
    with pytest.raises(Refused, match="cannot review"):
        reviews.assign(application=application, reviewer=reader, by=organiser, now=NOW)
    with pytest.raises(Refused, match="cannot review"):
        reviews.assign(application=application, reviewer=factories.user(), by=organiser, now=NOW)
    reviews.unassign(review=made, by=organiser)
    assert pairs() == set()
    with pytest.raises(Refused, match="already been taken away"):
        reviews.unassign(review=made, by=organiser)


def test_a_review_that_is_done_or_given_back_is_not_taken_away() -> None:
    call = closed_call()
    factories_calls.scale(call)
    organiser = factories_calls.organiser(call)
    application = factories_calls.application(call)
    done = factories_calls.review(application, factories_calls.reviewer(call), 3)
    back = factories_calls.review(application, factories_calls.reviewer(call), state=ReviewState.CONFLICT)

    for review in (done, back):
        with pytest.raises(Refused, match="stays"):
            reviews.unassign(review=review, by=organiser)


def test_those_who_have_something_left_are_reminded_once_a_day() -> None:
    call = closed_call(reviews_wanted=1)
    factories_calls.scale(call)
    organiser = factories_calls.organiser(call)
    slow, quick = factories_calls.reviewer(call), factories_calls.reviewer(call)
    factories_calls.review(factories_calls.application(call), slow)
    factories_calls.review(factories_calls.application(call), quick, 4)

    assert reviews.remind(call=call, by=organiser, now=NOW) == 1
    assert told("calls.review") == [slow.email]
    with pytest.raises(Refused, match="already reminded"):
        reviews.remind(call=call, by=organiser, now=NOW)


def test_nobody_is_reminded_when_nothing_is_left() -> None:
    call = closed_call()
    with pytest.raises(Refused, match="Nobody has anything left"):
        reviews.remind(call=call, by=factories_calls.organiser(call), now=NOW)
