"""What is read of reviews: progress, points, where reviewers differ, and what a reviewer sees of an application."""

from decimal import Decimal

import pytest

from samkraft.calls.models import (
    Answer,
    Applicants,
    Application,
    ApplicationState,
    Merit,
)
from samkraft.calls.queries import agreement, reviews_blind
from samkraft.calls.queries import reviews as queries

from .. import factories_calls
from ..factories_reviews import reviewed_call, sample_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


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
