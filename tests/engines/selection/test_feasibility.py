"""Whether a panel exists, and the smallest changes that make one possible, against trying everything."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings

from samkraft.engines.selection import Cap, Quota, Rules, Step, feasibility, pool_of, type_table

from .brute import bits, keeps, tiny


def possible(pool, rules):
    return any(keeps(pool, rules, people) for people in combinations(range(len(pool)), rules.seats))


def changed(rules, steps):
    quotas, caps, seats = list(rules.quotas), list(rules.caps), rules.seats
    for step in steps:
        if step.side == "seats":
            assert step.old == seats
            seats = step.new
        elif step.side == "cap":
            caps = [replace(cap, at_most=step.new) if cap.feature == step.feature else cap for cap in caps]
        else:
            place = [(quota.feature, quota.value) for quota in quotas].index((step.feature, step.value))
            assert getattr(quotas[place], step.side) == step.old
            quotas[place] = replace(quotas[place], **{step.side: step.new})
    return Rules(seats, tuple(quotas), tuple(caps))


def least_movement(pool, rules):
    """How far each panel of the wanted size is from the limits, at least: what limits would have to move in sum."""
    distances = []
    for people in combinations(range(len(pool)), rules.seats):
        values = {n: [pool.columns[n].values[pool.columns[n].codes[i]] for i in people] for n in rules.columns}
        counts = [(values[q.feature].count(q.value), q) for q in rules.quotas]
        over_caps = [
            max(0, max(values[cap.feature].count(v) for v in values[cap.feature]) - cap.at_most) for cap in rules.caps
        ]
        quotas = sum(max(q.minimum - count, 0, count - q.maximum) for count, q in counts)
        distances.append(quotas + sum(over_caps))
    return min(distances)


@settings(max_examples=60, deadline=None)
@given(tiny(caps=True))
def test_feasibility_is_what_trying_all_panels_finds(case):
    pool, rules = case
    told = feasibility(type_table(pool, rules), rules)
    assert told.possible == possible(pool, rules)
    assert (told.changes == ()) == told.possible


@settings(max_examples=30, deadline=None)
@given(tiny(caps=True))
def test_changes_make_a_panel_possible_are_smallest_and_differ(case):
    pool, rules = case
    assume(not possible(pool, rules))
    changes = feasibility(type_table(pool, rules), rules).changes
    assert 1 <= len(changes) <= 5
    limits_only = [change for change in changes if all(step.side != "seats" for step in change.steps)]
    assert limits_only[0].size == least_movement(pool, rules)
    assert [change.size for change in changes] == sorted(change.size for change in changes)
    moved = [frozenset((s.feature, s.value, s.side) for s in change.steps) for change in changes]
    assert not any(earlier <= later for earlier, later in combinations(moved, 2))
    for change in changes:
        assert change.size == sum(abs(step.new - step.old) for step in change.steps)
        assert possible(pool, changed(rules, change.steps))
        for step in change.steps:
            # One step taken back by one is not enough.
            back = replace(step, new=step.new + (1 if step.new < step.old else -1))
            others = [other for other in change.steps if other is not step]
            assert not possible(pool, changed(rules, [*others, back]))


def test_no_panel_of_whole_people_though_parts_of_them_would_do():
    pool, rules = bits(["001", "010", "100", "111"], 2)
    told = feasibility(type_table(pool, rules), rules)
    assert not told.possible
    assert {change.size for change in told.changes} == {2}
    assert {step.feature for change in told.changes for step in change.steps} == {"a", "b", "c"}


def test_of_two_ways_of_the_same_size_the_one_with_fewer_limits_comes_first():
    # Two x more, or one x and one z more: the panel lacks two, and either is a movement of two.
    pool = pool_of("abcdefgh", {"role": list("xxxyyzzz")})
    quotas = (Quota("role", "x", 0, 1), Quota("role", "y", 0, 1), Quota("role", "z", 0, 1))
    first, second, *rest = feasibility(type_table(pool, Rules(5, quotas)), Rules(5, quotas)).changes
    assert {first.steps, second.steps} == {(Step("role", value, "maximum", 1, 3),) for value in "xz"}
    assert [len(change.steps) for change in rest] == [1]


def test_the_seats_are_another_way():
    pool = pool_of("abcd", {"role": list("xxyy")})
    rules = Rules(4, (Quota("role", "x", 0, 1), Quota("role", "y", 0, 1)))
    changes = feasibility(type_table(pool, rules), rules).changes
    assert [change.steps for change in changes if change.size == 2] == [
        (Step("role", "x", "maximum", 1, 2), Step("role", "y", "maximum", 1, 2)),
        (Step("", "", "seats", 4, 2),),
    ]


def test_a_cap_is_raised_when_that_is_least():
    pool = pool_of("abcdef", {"town": list("UUULLL")})
    rules = Rules(4, caps=(Cap("town", 1),))
    changes = feasibility(type_table(pool, rules), rules).changes
    assert [change.steps for change in changes] == [(Step("town", "", "cap", 1, 2),), (Step("", "", "seats", 4, 2),)]


def test_limits_and_seats_move_together_only_when_neither_helps():
    pool = pool_of("abc", {"role": list("xxy")})
    rules = Rules(4, (Quota("role", "x", 0, 2), Quota("role", "y", 3, 4)))
    (first, *_) = feasibility(type_table(pool, rules), rules).changes
    assert set(first.steps) == {Step("role", "y", "minimum", 3, 1), Step("", "", "seats", 4, 3)}
    assert first.size == 3


@pytest.mark.parametrize("seats", [1, 2])
def test_what_is_possible_needs_no_change(seats):
    pool = pool_of("abc", {"role": list("xxy")})
    rules = Rules(seats, (Quota("role", "x", 0, 2), Quota("role", "y", 0, 1)))
    assert feasibility(type_table(pool, rules), rules).possible
