"""Lotteries, against every panel of tiny pools, and on pools of a size that is used."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samkraft.engines.selection import Cancelled, Cap, Floor, NoPanel, Pool, Quota, Rules, Stage, lottery, pool_of
from samkraft.engines.selection.leximin import relaxed_leximin
from samkraft.engines.selection.limits import limits_of
from samkraft.engines.selection.types import type_table

from .brute import bits, compositions, keeps, leximin, members, tiny

tiny_time = settings(max_examples=20, deadline=None)


def middling(people=120, seats=24, seed=3, cap=None):
    """A pool of three features and a town, and quotas that want other shares than the pool has."""
    generator = np.random.default_rng(seed)
    columns, quotas = {}, []
    for name, size in (("a", 2), ("b", 3), ("c", 4)):
        shares = generator.dirichlet(np.full(size, 4.0))
        columns[name] = [str(value) for value in generator.choice(size, size=people, p=shares)]
        wanted = seats * generator.dirichlet(np.full(size, 6.0))
        for value in range(size):
            have = columns[name].count(str(value))
            low, high = min(int(wanted[value] * 0.8), have), int(wanted[value] * 1.2) + 1
            quotas.append(Quota(name, str(value), low, high))
    columns["town"] = [f"t{value}" for value in generator.integers(0, people // 4, people)]
    caps = (Cap("town", cap),) if cap else ()
    return pool_of([f"p{i}" for i in range(people)], columns), Rules(seats, tuple(quotas), caps)


def with_floor(pool, rules, tiers, mean):
    columns = {name: [column.values[code] for code in column.codes] for name, column in pool.columns.items()}
    points = {"1": Fraction(1), "2": Fraction(5, 2), "3": Fraction(4)}
    return pool_of(pool.ids, {**columns, "tier": tiers}), replace(rules, floor=Floor("tier", points, mean))


def assert_sound(pool: Pool, rules: Rules, made, panels):
    """What holds for every lottery."""
    table = made.table
    assert made.panels.shape == (panels, len(table.counts))
    for composition in np.unique(made.panels, axis=0):
        assert (composition <= table.counts).all()
        assert keeps(pool, rules, members(table, composition))
    exact = [
        Fraction(int(total), panels * int(n)) for total, n in zip(made.panels.sum(axis=0), table.counts, strict=True)
    ]
    assert made.drawn.tolist() == [float(chance) for chance in exact]
    assert made.optimal @ table.counts == pytest.approx(rules.seats, abs=1e-7)
    assert (made.optimal >= 0).all() and (made.optimal <= 1).all()
    assert made.report.min_probability == made.optimal.min()
    assert made.report.min_probability <= made.report.bound + 1e-7
    assert made.report.bound <= made.report.lp_bound + 1e-7
    assert made.report.gap == pytest.approx(made.report.bound - made.report.min_probability, abs=1e-7)


@tiny_time
@given(tiny(caps=True), st.integers(1, 60))
def test_a_lottery_keeps_the_rules_and_says_what_it_is(case, panels):
    pool, rules = case
    try:
        made = lottery(pool, rules, panels=panels)
    except NoPanel:
        assert len(compositions(pool, rules, type_table(pool, rules))) == 0
        return
    assert_sound(pool, rules, made, panels)


@tiny_time
@given(tiny())
def test_optimal_is_what_trying_all_panels_finds(case):
    pool, rules = case
    table = type_table(pool, rules)
    everything = compositions(pool, rules, table)
    assume(len(everything))
    fairest = leximin(everything, table.counts)
    made = lottery(pool, rules, panels=10)
    assert made.optimal == pytest.approx(fairest, abs=1e-6)
    assert made.report.proven
    least = lottery(pool, rules, method="maximin", panels=10)
    assert least.report.min_probability == pytest.approx(fairest.min(), abs=1e-6)
    assert least.report.proven


# People, seats, limits (those not named: exactly one), the least chance at the bound, and the least that panels allow.
UNREACHED = [
    (
        ["0001", "0010", "0011", "0011", "0100", "0101", "0110", "1000", "1111"],
        4,
        {"a1": (1, 1), "a0": (3, 3)} | {name + value: (2, 2) for name in "bcd" for value in "01"},
        3 / 8,
        1 / 3,
    ),
    (["000", "001", "010", "011", "101", "110", "110"], 2, {}, 1 / 4, 0),
    (
        ["000", "010", "011", "011", "011", "100", "101", "110"],
        4,
        {"c1": (1, 1), "c0": (3, 3)} | {name + value: (2, 2) for name in "ab" for value in "01"},
        1 / 4,
        1 / 4,
    ),
]


@pytest.mark.parametrize(("people", "seats", "limits", "relaxed", "least"), UNREACHED)
def test_optimal_is_exact_where_integers_forbid_the_bound(people, seats, limits, relaxed, least):
    pool, rules = bits(people, seats, limits)
    made = lottery(pool, rules)
    assert made.report.lp_bound == pytest.approx(relaxed, abs=1e-9)
    assert made.report.bound == pytest.approx(least, abs=1e-9)
    assert made.report.proven
    assert made.optimal == pytest.approx(leximin(compositions(pool, rules, made.table), made.table.counts), abs=1e-6)
    assert lottery(pool, rules, method="maximin").report.bound == pytest.approx(least, abs=1e-7)


@pytest.mark.parametrize(("people", "seats", "limits", "relaxed", "least"), UNREACHED[:2])
@pytest.mark.parametrize("method", ["leximin", "maximin"])
def test_the_bound_is_proven_where_integers_forbid_more_among_hundreds_of_types(
    people, seats, limits, relaxed, least, method
):
    few, rules = bits(people, seats, limits)
    others = 150  # each of a town of their own, every other one to be chosen, and none in the way of the few
    features = {
        name: [*(person[place] for person in people), *["x"] * others] for place, name in enumerate(few.columns)
    }
    features["town"] = ["-"] * len(people) + [f"town {number}" for number in range(others)]
    halves = [Quota(name, "x", others // 2, others // 2) for name in few.columns]
    towns = [Quota("town", f"town {number}", 0, 1) for number in range(others)]
    pool = pool_of([str(number) for number in range(len(people) + others)], features)
    made = lottery(pool, Rules(seats + others // 2, (*rules.quotas, *halves, *towns)), method=method)
    assert len(made.table.counts) > others
    assert made.report.lp_bound == pytest.approx(relaxed, abs=1e-9)
    assert made.report.bound == pytest.approx(least, abs=1e-6)
    assert made.report.min_probability == pytest.approx(least, abs=1e-6)
    assert made.report.proven
    if method == "leximin":
        chances = [chance for key, chance in zip(made.table.keys, made.optimal, strict=True) if "x" in key]
        assert chances == pytest.approx([1 / 2] * others, abs=1e-5)


@pytest.mark.parametrize("method", ["leximin", "maximin"])
def test_no_panel_though_parts_of_people_would_do(method):
    pool, rules = bits(["001", "010", "100", "111"], 2)
    assert relaxed_leximin(limits_of(type_table(pool, rules), rules)).least == pytest.approx(0.5)
    with pytest.raises(NoPanel):
        lottery(pool, rules, method=method)


def test_limits_that_exclude_each_other_have_no_panel():
    pool = pool_of("abc", {"role": list("xxy")})
    with pytest.raises(NoPanel):
        lottery(pool, Rules(2, (Quota("role", "x", 0, 1), Quota("role", "y", 2, 2))))


@tiny_time
@given(tiny(tight=False), st.lists(st.sampled_from("123"), min_size=9, max_size=9), st.sampled_from(["2", "9/4", "3"]))
def test_the_floor_holds_in_every_panel(case, tiers, mean):
    pool, rules = with_floor(*case, tiers[: len(case[0])], Fraction(mean))
    table = type_table(pool, rules)
    everything = compositions(pool, rules, table)
    if not len(everything):
        with pytest.raises(NoPanel):
            lottery(pool, rules)
        return
    made = lottery(pool, rules, panels=20)
    assert_sound(pool, rules, made, 20)
    assert made.optimal == pytest.approx(leximin(everything, table.counts), abs=1e-6)


@pytest.mark.parametrize("cap", [None, 2])
@pytest.mark.parametrize("method", ["leximin", "maximin"])
def test_a_middling_pool_reaches_the_bound(method, cap):
    pool, rules = middling(cap=cap)
    made = lottery(pool, rules, method=method)
    assert_sound(pool, rules, made, 1000)
    relaxed = relaxed_leximin(limits_of(made.table, rules))
    assert made.report.bound == made.report.lp_bound
    assert made.report.gap <= 1e-6
    assert made.report.lp_bound < rules.seats / len(pool) - 0.01
    if method == "leximin":
        assert made.optimal == pytest.approx(relaxed.chances, abs=1e-6)
    # A maximin lottery leaves nobody far from where leximin would have them.
    assert np.abs(made.optimal - relaxed.chances).max() < 0.1
    assert np.abs(made.drawn - made.optimal).max() * made.table.counts.min() < 0.0015
    assert made.report.rounding_loss < 0.0015


def test_chances_follow_the_limits_by_hand():
    # Eight x and two y; two of four seats are for y, so that each y is certain and each x has 2 of 8.
    pool = pool_of([f"p{i}" for i in range(10)], {"role": ["x"] * 8 + ["y"] * 2})
    made = lottery(pool, Rules(4, (Quota("role", "x", 0, 4), Quota("role", "y", 2, 4))))
    assert made.optimal.tolist() == pytest.approx([0.25, 1.0])
    assert made.panels.tolist() == [[2, 2]] * 1000
    assert made.report.geometric_mean == pytest.approx(0.25**0.8)
    assert made.report.rounding_loss == pytest.approx(0, abs=1e-9)


def test_the_order_of_people_and_values_changes_nothing():
    pool, rules = middling(people=60, seats=12)
    columns = {name: [column.values[code] for code in column.codes] for name, column in pool.columns.items()}
    order = np.random.default_rng(5).permutation(len(pool))
    shuffled = pool_of(
        [pool.ids[i] for i in order], {name: [texts[i] for i in order] for name, texts in columns.items()}
    )
    first, again, other = lottery(pool, rules), lottery(pool, rules), lottery(shuffled, rules)
    assert first.panels.tobytes() == again.panels.tobytes() == other.panels.tobytes()
    assert first.table.keys == other.table.keys
    assert first.report == again.report == other.report


def test_progress_never_falls_and_ends_at_one():
    told = []
    lottery(*middling(people=60, seats=12), progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(Stage)


@pytest.mark.parametrize("asked", [0, 1, 10, 40])
def test_a_lottery_stops_soon_when_asked_to(asked):
    told = []
    with pytest.raises(Cancelled):
        lottery(
            *middling(people=60, seats=12),
            progress=lambda stage, share: told.append(share),
            cancelled=lambda: len(told) >= asked,
        )
    assert len(told) == asked


@pytest.mark.parametrize(
    ("rules", "options"),
    [
        (Rules(1), {"method": "fair"}),
        (Rules(1), {"panels": 0}),
        (Rules(0), {}),
        (Rules(1, caps=(Cap("shire", 1),)), {}),
    ],
)
def test_what_cannot_be_meant_is_refused(rules, options):
    with pytest.raises(ValueError, match=r"pool lacks|method|at least one"):
        lottery(pool_of("ab", {"role": ["x", "y"]}), rules, **options)
