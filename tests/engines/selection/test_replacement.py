"""Who takes an open seat, and what would have to move where nobody can."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkraft.engines.selection.model import Cap, Floor, Quota, Rules, Step, pool_of
from samkraft.engines.selection.replacement import Entry, relaxed, replacement

POINTS = {"1": Fraction(1), "2": Fraction(5, 2), "3": Fraction(9, 2)}


def people(**columns):
    """A pool from one letter for each person: the ids are a, b, c, …"""
    count = len(next(iter(columns.values())))
    return pool_of([chr(ord("a") + k) for k in range(count)], {name: list(values) for name, values in columns.items()})


def keeps(ids, pool, rules):
    """Whether a full panel keeps all limits, told the plain way."""
    place = {identity: k for k, identity in enumerate(pool.ids)}

    def counts(name):
        column = pool.columns[name]
        return Counter(column.values[column.codes[place[identity]]] for identity in ids)

    floor = rules.floor
    return (
        len(ids) == rules.seats
        and all(q.minimum <= counts(q.feature)[q.value] <= q.maximum for q in rules.quotas)
        and all(max(counts(cap.feature).values()) <= cap.at_most for cap in rules.caps)
        and (
            floor is None
            or sum(floor.points[value] * n for value, n in counts(floor.feature).items()) >= floor.mean * rules.seats
        )
    )


def test_first_on_the_waitlist_whose_entry_keeps_all_limits_takes_the_seat():
    pool = people(sector="xyxyxy", town="112234")
    rules = Rules(2, (Quota("sector", "x", 1, 1), Quota("sector", "y", 1, 1)), (Cap("town", 1),))
    # b stays (y, town 1). d is of the same sector; c is of the other and from another town.
    found = replacement(["a", "b"], ["d", "c", "e"], pool, rules, leaving=["a"])
    assert found.entry == Entry("c", 2)
    assert found.passed_over == (
        Entry("d", 1, (Step("sector", "x", "minimum", 1, 0), Step("sector", "y", "maximum", 1, 2))),
    )
    assert found.relaxations == ()


def test_cap_stands_in_the_way_and_an_empty_value_is_no_town():
    pool = pool_of(["a", "b", "c", "d", "e"], {"town": ["1", "1", "1", "", ""]})
    rules = Rules(3, (), (Cap("town", 1),))
    found = replacement(["a", "e", "b"], ["c", "d"], pool, rules, leaving=["b"])
    assert found.entry == Entry("d", 2)
    assert found.passed_over == (Entry("c", 1, (Step("town", "", "cap", 1, 2),)),)


def test_floor_stands_in_the_way_and_tells_the_mean_it_would_have_to_be():
    pool = people(tier="3211")
    rules = Rules(2, (), (), Floor("tier", POINTS, Fraction(3)))
    found = replacement(["a", "b"], ["c", "d"], pool, rules, leaving=["a"])
    assert found.entry is None
    assert found.relaxations == (Entry("c", 1, (), Fraction(7, 4)),)
    assert replacement(["b"], ["c"], pool, relaxed(rules, found.relaxations[0])).entry == Entry("c", 1)


def test_relaxations_come_least_first_and_one_for_people_who_are_alike():
    pool = people(sector="xyyyz", town="12345")
    quotas = (Quota("sector", "x", 1, 1), Quota("sector", "y", 0, 1), Quota("sector", "z", 0, 1))
    found = replacement(["a", "b"], ["c", "d", "e"], pool, Rules(2, quotas), leaving=["a"])
    assert found.entry is None
    assert [entry.id for entry in found.passed_over] == ["c", "d", "e"]
    # z needs the minimum of x lowered; y needs its own maximum raised as well.
    assert found.relaxations == (
        Entry("e", 3, (Step("sector", "x", "minimum", 1, 0),)),
        Entry("c", 1, (Step("sector", "x", "minimum", 1, 0), Step("sector", "y", "maximum", 1, 2))),
    )
    assert [entry.size for entry in found.relaxations] == [1, 2]
    for entry in found.relaxations:
        assert replacement(["b"], [entry.id], pool, relaxed(Rules(2, quotas), entry)).entry == Entry(entry.id, 1)


def test_limit_already_broken_by_those_who_stay_is_told_for_everybody():
    pool = people(sector="xxxy")
    rules = Rules(3, (Quota("sector", "x", 0, 1), Quota("sector", "y", 0, 3)))
    found = replacement(["a", "b", "c"], ["d"], pool, rules, leaving=["c"])
    assert found.entry is None
    assert found.relaxations == (Entry("d", 1, (Step("sector", "x", "maximum", 1, 2),)),)


def test_with_several_open_seats_the_others_on_the_waitlist_may_fill_what_is_missing():
    pool = people(sector="xxxyyy")
    rules = Rules(3, (Quota("sector", "x", 1, 2), Quota("sector", "y", 1, 2)))
    # a stays. b may enter, since d or e can take the last seat; then the last seat is not for c.
    assert replacement(["a"], ["b", "c", "d", "e"], pool, rules).entry == Entry("b", 1)
    assert replacement(["a", "b"], ["c", "d", "e"], pool, rules).entry == Entry("d", 2)
    # Without any y on the waitlist nobody can enter, and least moves with either limit moved by one.
    found = replacement(["a"], ["b", "c"], pool, rules)
    assert found.entry is None
    assert found.relaxations == (
        Entry("b", 1, (Step("sector", "x", "maximum", 2, 3), Step("sector", "y", "minimum", 1, 0))),
    )


def test_too_short_a_waitlist_leaves_seats_empty_only_by_choice():
    pool = people(sector="xxx")
    rules = Rules(3, (Quota("sector", "x", 0, 3),))
    found = replacement(["a"], ["b"], pool, rules)
    assert found.entry is None
    assert found.relaxations == (Entry("b", 1, (Step("", "", "seats", 3, 2),)),)
    assert relaxed(rules, found.relaxations[0]).seats == 2
    assert replacement(["a"], [], pool, rules) == replacement(["b"], [], pool, rules)
    assert replacement(["a"], [], pool, rules).relaxations == ()


@pytest.mark.parametrize(
    ("seated", "waitlist", "leaving", "sentence"),
    [
        (["a", "b"], ["c"], [], "No seat is open."),
        (["a"], ["c"], ["b"], "b has no seat to leave."),
        (["a"], ["a"], [], "Each person may be seated or wait once only."),
        (["a"], ["c", "c"], [], "Each person may be seated or wait once only."),
        (["a"], ["q"], [], "q is not in the pool."),
    ],
)
def test_ids_that_do_not_fit_are_refused_in_a_sentence(seated, waitlist, leaving, sentence):
    with pytest.raises(ValueError, match=sentence):
        replacement(seated, waitlist, people(sector="xxx"), Rules(2), leaving=leaving)


@st.composite
def situations(draw):
    """A tiny pool, a panel that keeps the limits where there is one, some who leave it, and the others waiting."""
    count = draw(st.integers(4, 8))
    letters = {"sector": "xyz", "town": "123", "tier": "123"}
    pool = people(**{name: [draw(st.sampled_from(values)) for _ in range(count)] for name, values in letters.items()})
    seats = draw(st.integers(2, count - 1))
    minimums = [draw(st.integers(0, 1)) for _ in "xyz"]
    quotas = tuple(
        Quota("sector", value, least, draw(st.integers(least, seats)))
        for value, least in zip("xyz", minimums, strict=True)
    )
    caps = draw(st.sampled_from([(), (Cap("town", 1),), (Cap("town", 2),)]))
    floor = draw(st.sampled_from([None, Floor("tier", POINTS, Fraction(5, 2))]))
    rules = Rules(seats, quotas, caps, floor)
    panels = [panel for panel in combinations(pool.ids, seats) if keeps(panel, pool, rules)]
    panel = draw(st.sampled_from(panels)) if panels else pool.ids[:seats]
    kept = panel[: draw(st.integers(0, seats - 1))]
    waiting = draw(st.permutations([identity for identity in pool.ids if identity not in kept]))
    return pool, rules, kept, waiting


@settings(max_examples=150, deadline=None)
@given(situations())
def test_entry_is_the_first_after_which_the_limits_can_all_be_kept(situation):
    pool, rules, kept, waiting = situation

    def completed(entering):
        others = [identity for identity in waiting if identity != entering]
        return any(
            keeps((*kept, entering, *more), pool, rules) for more in combinations(others, rules.seats - len(kept) - 1)
        )

    expected = next((identity for identity in waiting if completed(identity)), None)
    found = replacement(kept, waiting, pool, rules)
    assert (found.entry.id if found.entry else None) == expected
    if found.entry is None:
        assert {entry.id for entry in found.passed_over} == set(waiting)


@settings(max_examples=100, deadline=None)
@given(situations())
def test_filling_all_open_seats_one_by_one_never_breaks_a_limit(situation):
    pool, rules, kept, waiting = situation
    seated, waitlist = list(kept), list(waiting)
    while len(seated) < rules.seats:
        entry = replacement(seated, waitlist, pool, rules).entry
        if entry is None:
            # Nobody can enter from the start: once one entered, the others are there to fill the rest.
            assert seated == list(kept)
            return
        seated.append(entry.id)
        waitlist.remove(entry.id)
    assert keeps(seated, pool, rules)


@settings(max_examples=100, deadline=None)
@given(situations())
def test_a_relaxation_lets_its_person_in(situation):
    pool, rules, kept, waiting = situation
    for entry in replacement(kept, waiting, pool, rules).relaxations:
        first = [entry.id, *(identity for identity in waiting if identity != entry.id)]
        found = replacement(kept, first, pool, relaxed(rules, entry))
        assert found.entry == Entry(entry.id, 1)
