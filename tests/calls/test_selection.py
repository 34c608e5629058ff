"""What limits mean: chances, prices, ways out, suggestions; and saving them with a line in the log."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samkraft.calls.models import ApplicationState, Call, CallState, FeatureSource, Limit, Merit
from samkraft.calls.operations import draws, draws_limits
from samkraft.calls.operations.editing import NeedsReason
from samkraft.calls.queries import selection
from samkraft.calls.queries.features import features_of
from samkraft.calls.queries.limits_log import changes_of, limit_in_words
from samkraft.calls.queries.pool import Targets, candidates_of, targets_of
from samkraft.calls.queries.selection_words import in_hundred
from samkraft.calls.rules.suggesting import around
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from tests import factories, factories_calls, factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def outlook_of(call: Call, **limits: tuple[int, int | None]) -> selection.Outlook:
    """The outlook with these limits on sectors instead of those that are set."""
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)
    if limits:
        chosen = {("sector", value): limit for value, limit in limits.items()}
        targets = Targets(targets.seats, chosen, targets.cap, targets.points)
    return selection.outlook(candidates, targets)


# --- What limits mean -----------------------------------------------------------------------------------------------


def test_limits_that_fit_the_pool_cost_nothing() -> None:
    found = outlook_of(factories_draws.call())

    assert (found.possible, found.taking_part, round(found.least, 6)) == (True, 12, round(1 / 3, 6))
    assert (found.costs, found.prices, found.problems, found.ways) == (False, [], [], [])


def test_expected_numbers_are_those_of_the_fairest_lottery() -> None:
    found = outlook_of(factories_draws.call(), technical=(0, 1))

    rows = {row.value: (row.applicants, round(row.expected or 0, 6)) for row in found.groups[0].rows}
    assert (rows["technical"], rows["planning"], rows["agriculture"]) == ((4, 1.0), (8, 3.0), (0, 0.0))


def test_price_is_told_in_words_and_beside_its_limit() -> None:
    found = outlook_of(factories_draws.call(), technical=(0, 1))

    assert found.prices == [
        "If one more place were open to “Technical services”, the applicant with the least chance would have about "
        "50 of 100 instead of 25 of 100."
    ]
    costs = {row.value: row.cost for row in found.groups[0].rows if row.cost}
    assert costs == {"technical": "with one more: the least chance is 50 of 100"}


def test_a_minimum_costs_those_who_do_not_have_the_value() -> None:
    found = outlook_of(factories_draws.call(), technical=(3, None))

    assert round(found.least, 6) == 0.125
    assert found.prices == [
        "If one place fewer were kept for “Technical services”, the applicant with the least chance would have about "
        "25 of 100 instead of 12 of 100."
    ]


def test_limits_that_only_whole_people_cannot_keep_are_impossible() -> None:
    # Parts of people would do: 001, 010, 100, 111 and two seats, one of each value.
    call = factories_calls.call(seats=2)
    questions = [factories_calls.choice_question(call, "0", "1") for _place in range(3)]
    for question in questions:
        made = call.criteria.create(source=FeatureSource.QUESTION, question=question, position=question.position)
        for value in "01":
            Limit.objects.create(criterion=made, value=value, minimum=1, maximum=1)
    for bits in ("001", "010", "100", "111"):
        factories_calls.application(call, answers=dict(zip(questions, bits, strict=True)))

    found = outlook_of(call)

    assert (found.possible, found.least, found.problems) == (False, None, [])
    assert len(found.ways) >= 2


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (
            {"technical": (5, None), "planning": (0, None)},
            "At least 5 with “Technical services” are wanted, and only 4 take part.",
        ),
        ({"agriculture": (1, None)}, "At least 1 with “Agriculture” are wanted, and nobody who takes part is."),
        (
            {"technical": (3, None), "planning": (3, None)},
            "The least numbers for “Sector of work” sum to 6, which is more than the 4 places.",
        ),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence_with_ways_out(limits, sentence: str) -> None:
    found = outlook_of(factories_draws.call(), **limits)

    assert not found.possible
    assert sentence in found.problems
    assert found.ways


def test_every_way_makes_the_limits_possible() -> None:
    call = factories_draws.call(municipality_cap=1)
    Limit.objects.filter(value="technical").update(minimum=3, maximum=3)
    Limit.objects.filter(value="planning").update(minimum=2)
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)
    ways = selection.outlook(candidates, targets).ways

    assert len(ways) > 1
    for way in ways:
        changed = selection.apply_steps(targets, way.steps, candidates.features)
        assert selection.outlook(candidates, changed).possible, way.sentence


def test_nobody_who_takes_part_is_no_fault_of_the_limits() -> None:
    found = outlook_of(factories_draws.call(people=0))

    assert (found.taking_part, found.without_limits, found.least, found.problems) == (0, None, None, [])


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "100 of 100"),
        (0.374, "37 of 100"),
        (0.0333, "3.3 of 100"),
        (0.004, "less than 1 of 100"),
        (0.0, "0 of 100"),
    ],
)
def test_chances_in_words(chance: float, words: str) -> None:
    assert in_hundred(chance) == words


def test_a_lower_limit_that_goes_away_is_told_as_none() -> None:
    call = factories_draws.call()
    ways = outlook_of(call, agriculture=(1, None)).ways

    assert "No lower limit for “Agriculture” instead of at least 1." in [way.sentence for way in ways]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ((0, None), "no limit"),
        ((3, None), "at least 3"),
        ((0, 5), "at most 5"),
        ((3, 5), "3 to 5"),
        ((4, 4), "exactly 4"),
        ((0, 0), "at most 0"),
    ],
)
def test_limits_in_words(limit: tuple[int, int | None], words: str) -> None:
    assert limit_in_words(*limit) == words


# --- Suggestions ----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=8),
    share=st.integers(1, 40),
    equal=st.booleans(),
    slack=st.integers(0, 4),
)
def test_suggested_limits_of_a_feature_can_always_be_kept(counts, share, equal, slack) -> None:
    values = [str(place) for place in range(len(counts))]
    known = dict(zip(values, counts, strict=True))
    seats = max(1, sum(counts) * share // 40)

    found = around(values, known, seats, equal=equal, slack=slack)

    least = {value: limit[0] for value, limit in found.items()}
    most = {value: seats if limit[1] is None else limit[1] for value, limit in found.items()}
    assert all(0 <= least[value] <= min(most[value], known[value]) for value in values)
    assert sum(least.values()) <= seats
    assert sum(min(most[value], known[value]) for value in values) >= min(seats, sum(counts))


# --- Saving ---------------------------------------------------------------------------------------------------------


WHY = "Too few applied."


def _set(call: Call, **limits: tuple[int, int | None]) -> list[dict]:
    known = features_of(call)
    before = targets_of(call, known)
    chosen = dict(before.limits) | {("sector", value): limit for value, limit in limits.items()}
    organiser = factories_calls.organiser(call)
    targets = Targets(before.seats, chosen, before.cap, before.points)
    return draws_limits.set_targets(call=call, targets=targets, why=WHY, by=organiser, now=NOW)


def test_limits_are_saved_and_those_without_any_leave_no_row() -> None:
    call = factories_draws.call(people=0)

    _set(call, technical=(0, None), agriculture=(1, 3))

    kept = Limit.objects.order_by("value").values_list("value", "minimum", "maximum")
    assert list(kept) == [("agriculture", 1, 3), ("planning", 1, None)]


def test_changes_are_kept_in_the_log_once_the_call_is_published() -> None:
    call = factories_draws.call(people=0)
    Call.objects.filter(pk=call.pk).update(state=CallState.DRAFT)
    _set(call, technical=(1, 3))
    before = TransitionLog.objects.of(call).count()
    Call.objects.filter(pk=call.pk).update(state=CallState.OPEN)

    _set(call, technical=(1, 1))

    (entry,) = changes_of(call, features_of(call))
    assert (before, entry.sentences) == (0, ["Technical services: exactly 1 instead of 1 to 3."])
    assert (entry.at, entry.why) == (NOW, WHY)


@pytest.mark.parametrize("state", [CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW])
def test_limits_and_places_of_a_published_call_are_changed_with_a_reason(state: str) -> None:
    call = factories_draws.call(state=state)
    organiser = factories_calls.organiser(call)
    targets = targets_of(call, features_of(call))
    fewer = Targets(targets.seats - 1, targets.limits, targets.cap, targets.points)

    with pytest.raises(NeedsReason, match="Say why you change it"):
        draws_limits.set_targets(call=call, targets=fewer, why=" ", by=organiser, now=NOW)

    assert draws_limits.set_targets(call=call, targets=targets, by=organiser, now=NOW) == []


def test_limits_of_a_draft_are_changed_without_a_reason() -> None:
    call = factories_draws.call(people=0, state=CallState.DRAFT, published_at=None)

    made = draws_limits.set_targets(call=call, targets=Targets(2), by=factories_calls.organiser(call), now=NOW)

    assert [change["what"] for change in made][:1] == ["seats"]


def test_what_was_changed_before_reasons_were_kept_can_still_be_read() -> None:
    call = factories_draws.call()
    _set(call, technical=(2, 2))
    row = TransitionLog.objects.of(call).get()
    row.why = json.dumps(json.loads(row.why)["changes"])
    row.save()

    (entry,) = changes_of(call, features_of(call))
    assert (entry.sentences, entry.why) == (["Technical services: exactly 2 instead of 1 to 2."], "")


def test_what_is_as_it_was_is_no_change() -> None:
    call = factories_draws.call()

    assert _set(call, technical=(1, 2)) == []
    assert TransitionLog.objects.of(call).count() == 0


def test_the_log_is_data_that_every_language_can_tell() -> None:
    call = factories_draws.call()
    _set(call, technical=(2, 2))

    assert json.loads(TransitionLog.objects.of(call).get().why) == {
        "changes": [{"what": "limit", "feature": "sector", "value": "technical", "old": [1, 2], "new": [2, 2]}],
        "why": WHY,
    }


def test_points_of_a_threshold_are_saved_with_the_limits() -> None:
    call = factories_draws.call(merit=Merit.THRESHOLD, merit_threshold=3)
    organiser = factories_calls.organiser(call)
    targets = targets_of(call, features_of(call))
    changed = Targets(targets.seats, targets.limits, targets.cap, targets.points + 1)

    draws_limits.set_targets(call=call, targets=changed, why=WHY, by=organiser, now=NOW)

    call.refresh_from_db()
    assert call.merit_threshold == 4
    (entry,) = changes_of(call, features_of(call))
    assert entry.sentences == ["Points needed: 4 instead of 3."]


@pytest.mark.parametrize(
    "targets",
    [
        Targets(0),
        Targets(1, cap=0),
        Targets(1, {("sector", "planning"): (3, 2)}),
        Targets(1, {("sector", "planning"): (-1, 2)}),
    ],
)
def test_limits_that_cannot_be_are_refused(targets: Targets) -> None:
    call = factories_draws.call()

    with pytest.raises(Refused):
        draws_limits.set_targets(call=call, targets=targets, by=factories_calls.organiser(call), now=NOW)


def test_limits_are_set_by_those_who_run_the_call_and_until_the_commitment() -> None:
    draw = factories_draws.committed()
    targets = Targets(2)

    with pytest.raises(Refused, match="what was committed to stands"):
        draws_limits.set_targets(call=draw.call, targets=targets, by=draw.begun_by, now=NOW)
    with pytest.raises(Refused, match="Only those who run the call"):
        draws_limits.set_targets(call=draw.call, targets=targets, by=factories.user(), now=NOW)


def test_limits_stand_still_while_a_draw_is_computed() -> None:
    call = factories_draws.call()
    draw = factories_draws.begun(call)

    with pytest.raises(Refused, match="being prepared"):
        draws_limits.set_targets(call=call, targets=Targets(2), by=draw.begun_by, now=NOW)


# --- One's own chance -----------------------------------------------------------------------------------------------


def test_chance_is_known_from_the_commitment_on_and_leads_to_ones_own_line() -> None:
    call = factories_draws.call()
    application = call.applications.first()
    before = selection.chance_of(application)
    draw = factories_draws.committed(call)
    member = draw.pool.get(application=application)

    chance = selection.chance_of(application)

    assert before is None
    assert (chance.in_words, chance.optimal_in_words) == ("33 of 100", "33 of 100")
    assert (chance.public_id, chance.salt, chance.own) == (member.public_id, member.salt, ["sector=technical"])


def test_who_takes_no_part_has_no_chance_to_be_told() -> None:
    call = factories_draws.call()
    excluded = factories_draws.apply(call, 1, state=ApplicationState.EXCLUDED)
    factories_draws.committed(call)

    assert selection.chance_of(excluded) is None


def test_chance_of_a_commitment_that_was_taken_back_is_no_longer_told() -> None:
    draw = factories_draws.committed()
    application = draw.call.applications.first()

    draws.take_back(draw=draw, why="A mistake.", by=draw.begun_by, now=NOW)

    assert selection.chance_of(application) is None
