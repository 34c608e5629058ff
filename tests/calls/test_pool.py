"""Who takes part in a selection, and the rules that the engine is given."""

from decimal import Decimal
from fractions import Fraction

import pytest

from samkraft.calls.models import ApplicantRole, ApplicationState, Call, FeatureSource, Merit
from samkraft.calls.queries import pool
from samkraft.calls.queries.pool import candidates_of, missing, pool_from, rules_from, targets_of
from samkraft.engines.selection import Cap, Floor, Quota
from samkraft.people.models import Sector
from tests import factories_calls, factories_draws

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def _scored(call: Call, *points: int) -> list[int]:
    """Applications with these points, None for one that nobody has judged; their ids."""
    factories_calls.scale(call)
    reviewer = factories_calls.reviewer(call)
    made = [factories_calls.application(call) for _given in points]
    for application, given in zip(made, points, strict=True):
        if given is not None:
            factories_calls.review(application, reviewer, given)
    return [application.pk for application in made]


def _taking_part(call: Call) -> list[int]:
    candidates = candidates_of(call)
    return candidates.taking_part(targets_of(call, candidates.features))


def test_pool_holds_what_was_sent_in_and_is_neither_sample_nor_withdrawn_nor_excluded() -> None:
    call = factories_calls.call()
    sent = factories_calls.application(call)
    for state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN, ApplicationState.EXCLUDED):
        factories_calls.application(call, state=state)
    factories_calls.application(call, is_sample=True)
    factories_calls.application(factories_calls.call())

    assert _taking_part(call) == [sent.pk]
    assert candidates_of(call).excluded == 1


def test_threshold_lets_in_who_reaches_it() -> None:
    call = factories_calls.call(merit=Merit.THRESHOLD, merit_threshold=Decimal("3.00"))
    ids = _scored(call, 2, 3, 4, None)
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)

    assert candidates.taking_part(targets) == ids[1:3]
    assert (candidates.below(targets), candidates.unscored) == (1, 1)
    assert missing(candidates, targets) == [
        "1 application has no points yet, although points count. Let it be reviewed, or do not take it up."
    ]


def test_a_threshold_that_nobody_has_set_is_missing() -> None:
    call = factories_calls.call(merit=Merit.THRESHOLD)
    _scored(call, 2)
    candidates = candidates_of(call)

    assert missing(candidates, targets_of(call, candidates.features)) == ["Say how many points are needed."]


def test_points_that_do_not_count_are_not_missed() -> None:
    call = factories_calls.call()
    ids = _scored(call, None, 1)

    assert _taking_part(call) == ids
    assert candidates_of(call).unscored == 0


def test_rules_hold_every_value_of_a_feature_with_limits_and_none_of_one_without() -> None:
    call = factories_calls.call(seats=4, municipality_cap=2)
    factories_calls.criterion(call, FeatureSource.ROLE, employee=(1, None), elected=(0, 9))
    factories_calls.criterion(call, FeatureSource.SECTOR)
    factories_calls.application(call, role="")
    candidates = candidates_of(call)

    rules = rules_from(candidates, targets_of(call, candidates.features))

    assert rules.quotas == (
        Quota("role", "employee", 1, 4),
        Quota("role", "elected", 0, 4),
        Quota("role", "unknown", 0, 4),
    )
    assert (rules.seats, rules.caps, rules.floor) == (4, (Cap("municipality", 2),), None)


def test_pool_for_the_engine_has_every_feature_and_the_municipality() -> None:
    call = factories_calls.call()
    factories_calls.criterion(call, FeatureSource.ROLE)
    application = factories_calls.application(call, role=ApplicantRole.ELECTED, place=factories_draws.place(1))
    candidates = candidates_of(call)

    made = pool_from(candidates, targets_of(call, candidates.features))

    assert list(made.ids) == [str(application.pk)]
    assert {name: column.values for name, column in made.columns.items()} == {
        "role": ("elected",),
        "municipality": (f"place-{application.place_id}",),
    }


def test_floor_stands_for_the_middles_of_its_tiers() -> None:
    call = factories_calls.call(merit=Merit.FLOOR, merit_threshold=Decimal("3.50"), merit_bounds=[2, 4])
    _scored(call, 1, 3, 5, None)
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)

    points = {"1": Fraction(3, 2), "2": Fraction(3), "3": Fraction(9, 2)}
    assert rules_from(candidates, targets).floor == Floor("motivation", points, Fraction(7, 2))
    assert pool_from(candidates, targets).columns["motivation"].values == ("1", "2", "3")
    assert len(candidates.taking_part(targets)) == 3


def test_floor_without_tiers_of_its_own_has_five_as_wide_as_each_other() -> None:
    call = factories_calls.call(merit=Merit.FLOOR, merit_threshold=3)
    factories_calls.scale(call, highest=6)

    assert pool.floor_bounds(call) == [2, 3, 4, 5]


def test_rules_after_the_commitment_are_those_that_were_committed_to() -> None:
    draw = factories_draws.committed()
    before = pool.rules_of_draw(draw)
    draw.call.criteria.get().limits.all().delete()

    assert pool.rules_of(draw.call) == before
    assert before.quotas[0] == Quota("sector", Sector.CLIMATE_ENVIRONMENT, 0, 4)


def test_rules_are_kept_as_data_without_losing_a_fraction() -> None:
    call = factories_calls.call(merit=Merit.FLOOR, merit_threshold=Decimal("3.33"), merit_bounds=[2, 4])
    candidates = candidates_of(call)
    rules = rules_from(candidates, targets_of(call, candidates.features))
    draw = call.draws.create(seats=2, limits={"rules": pool.rules_as_data(rules)}, begun_at=call.created_at)

    draw.refresh_from_db()
    assert pool.rules_of_draw(draw) == rules


def test_pool_of_many_costs_as_many_queries_as_of_one(django_assert_num_queries) -> None:
    for people in (1, 4):
        call = factories_draws.call(people=people, merit=Merit.THRESHOLD, merit_threshold=1)
        with django_assert_num_queries(6):
            candidates_of(call)
