"""Reviewing as operations: sharing out, judging in time, conflicts of interest, reminders, samples."""

from collections import Counter
from decimal import Decimal

import pytest

from samkraft.calls.models import (
    Answer,
    Applicants,
    Application,
    ApplicationState,
    CallPerson,
    CallState,
    Merit,
    Review,
    ReviewState,
    Score,
)
from samkraft.calls.operations import excluding, reviews, reviews_judging, reviews_samples
from samkraft.calls.queries import agreement, merit, reviews_blind
from samkraft.calls.queries import reviews as queries
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.operations import IllegalMove
from samkraft.records.refusals import Refused

from .. import factories, factories_calls, factories_networks
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ELSEWHERE = ("1440", "Ale")


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


# Judging


def reviewed_call(*scales, **fields):
    call = closed_call(**{"state": CallState.IN_REVIEW, **fields})
    for highest in scales or (5, 5):
        factories_calls.scale(call, highest=highest)
    return call


def given_review(call, **fields):
    return factories_calls.review(factories_calls.application(call, **fields), factories_calls.reviewer(call))


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


# Samples


def sample_of(call, organiser, question, text="A text"):
    return reviews_samples.make_sample(call=call, answers={question.pk: text}, by=organiser, now=NOW)


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


# Not taking up


def test_an_application_is_not_taken_up_with_a_reason_and_taken_up_again() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    application = factories_calls.application(call)

    excluding.exclude(application=application, why="You do not work in a municipality.", by=organiser, now=NOW)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.EXCLUDED
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind) == (application.email, "calls.organiser")
    assert "You do not work in a municipality." in mail.text
    excluding.take_up_again(application=application, by=organiser, now=NOW)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.SUBMITTED
    assert [entry.why for entry in TransitionLog.objects.of(application)] == ["You do not work in a municipality.", ""]
    assert OutboxMessage.objects.count() == 2


def test_not_taking_up_is_refused_without_a_reason_to_others_and_once_the_draw_is_prepared() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    application = factories_calls.application(call)

    with pytest.raises(Refused, match="Give the reason"):
        excluding.exclude(application=application, why=" ", by=organiser, now=NOW)
    with pytest.raises(IllegalMove, match="may not"):
        excluding.exclude(application=application, why="No", by=factories_calls.reviewer(call), now=NOW)
    call.state = CallState.COMMITTED
    call.save()
    with pytest.raises(Refused, match="draw is prepared"):
        excluding.exclude(application=application, why="No", by=organiser, now=NOW)
    assert OutboxMessage.objects.count() == 0


# What is read


def test_progress_tells_who_has_what_in_as_many_queries_for_three(django_assert_num_queries) -> None:
    call = reviewed_call(5)
    first = factories_calls.reviewer(call)
    applications = [factories_calls.application(call)]
    factories_calls.review(applications[0], first, 4)

    with django_assert_num_queries(3):
        queries.progress(call)
    second = factories_calls.reviewer(call)
    applications += [factories_calls.application(call) for _number in range(2)]
    factories_calls.review(applications[0], second, 4)
    factories_calls.review(applications[1], second)
    with django_assert_num_queries(3):
        progress = queries.progress(call)

    shares = [(share.user, share.open, share.done) for share in progress.shares]
    assert shares == [(first, 0, 1), (second, 1, 1)]
    assert (progress.short, progress.reviewed, progress.done, progress.all) == (2, 1, 2, 3)
    assert [share.user for share in progress.lagging] == [second]


def test_points_are_counted_in_steps_of_half_a_point_and_by_the_threshold() -> None:
    call = reviewed_call(3, merit=Merit.THRESHOLD, merit_threshold=Decimal(2), reviews_wanted=2)
    readers = [factories_calls.reviewer(call) for _number in range(2)]
    for one, other in ((1, 2), (2, 2), (3, 3)):
        application = factories_calls.application(call)
        factories_calls.review(application, readers[0], one)
        factories_calls.review(application, readers[1], other)
    factories_calls.review(factories_calls.application(call, state=ApplicationState.WITHDRAWN), readers[0], 3)

    points = queries.points_spread(call)

    assert [(float(b.least), float(b.most), b.count, b.passes) for b in points.bins] == [
        (1.0, 1.5, 0, False),
        (1.5, 2.0, 1, False),
        (2.0, 2.5, 1, True),
        (2.5, 3.0, 1, True),
    ]
    assert (points.count, points.reach, points.mean) == (3, 2, Decimal("2.17"))


def test_differing_applications_come_with_the_widest_first() -> None:
    call = reviewed_call(5)
    readers = [factories_calls.reviewer(call) for _number in range(2)]
    applications = [factories_calls.application(call) for _number in range(3)]
    for application, given in zip(applications, ((2, 3), (1, 5), (4, 4)), strict=True):
        for reader, points in zip(readers, given, strict=True):
            factories_calls.review(application, reader, points)

    assert [(row.application, row.spread) for row in agreement.most_differing(call)] == [
        (applications[1].pk, 4.0),
        (applications[0].pk, 1.0),
    ]
    rows = agreement.rows_of(call)
    assert [row.label for row in rows] == ["Scale 1", "In all"]
    assert rows[1].difference == pytest.approx(5 / 3)


def test_a_reviewer_reads_what_the_call_lets_them_read() -> None:
    call = reviewed_call(5, is_blind=True, hides_municipality=True)
    asked = factories_calls.question(call)
    hidden = factories_calls.question(call, is_hidden=True)
    text = "I am Ada Lovelace of Mariestad in Västra Götaland, ada@example.org."
    application = factories_calls.application(call, name="Ada Lovelace", answers={asked: text, hidden: "Secret"})

    rows = {row.label: row.text for row in reviews_blind.rows_for_reviewer(application)}

    assert rows == {
        "Role": "Works in a municipality or county",
        "Sector of work": "Planning",
        asked.label: "I am [hidden] of [hidden] in [hidden], [hidden].",
    }
    assert [words for _question, words in reviews_blind.telling(application)] == [
        ["Ada", "Lovelace", "Mariestad", "Västra Götaland", "ada@example.org"]
    ]
    call.is_blind = call.hides_municipality = False
    rows = {row.label: row.text for row in reviews_blind.rows_for_reviewer(Application.objects.get(pk=application.pk))}
    assert rows[asked.label].startswith("I am [hidden]")
    call.save()
    rows = {row.label: row.text for row in reviews_blind.rows_for_reviewer(Application.objects.get(pk=application.pk))}
    assert (rows["Name"], rows["Municipality or county"], rows[asked.label]) == ("Ada Lovelace", "Mariestad", text)
    assert hidden.label not in rows


def test_the_actor_that_applies_is_hidden_like_a_name() -> None:
    call = reviewed_call(5, applicants=Applicants.ACTOR)
    asked = factories_calls.question(call)
    application = factories_calls.application(
        call, name="Ada Lovelace", actor_name="Kvarnens Bageri", answers={asked: "At Kvarnens bageri we bake. Ada"}
    )

    texts = [row.text for row in reviews_blind.rows_for_reviewer(application)]
    assert "At [hidden] we bake. [hidden]" in texts
    assert not any("Kvarnens" in text or "Ada" in text for text in texts)


def test_a_sample_has_no_name_and_its_answers() -> None:
    call = reviewed_call(5)
    question = factories_calls.question(call)
    sample = sample_of(call, factories_calls.organiser(call), question, "We plan.")

    assert [(row.label, row.text) for row in reviews_blind.rows_for_reviewer(sample)] == [(question.label, "We plan.")]
    assert Answer.objects.get(application=sample).text == "We plan."
