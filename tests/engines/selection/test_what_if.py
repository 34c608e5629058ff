"""What limits cost, against computing it anew with a limit moved."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings

from samkraft.engines.selection import Cap, Floor, NoPanel, Price, Quota, Rules, pool_of, type_table, what_if
from samkraft.engines.selection.leximin import relaxed_leximin
from samkraft.engines.selection.limits import limits_of

from .brute import tiny

POOL = pool_of([f"p{i}" for i in range(10)], {"role": ["x"] * 8 + ["y"] * 2})


def quotas(least=0):
    return (Quota("role", "x", 0, 4), Quota("role", "y", least, 4))


def test_without_limits_that_bind_all_have_the_same_chance_and_nothing_costs():
    told = what_if(type_table(POOL, Rules(4, quotas())), Rules(4, quotas()))
    assert told.least == pytest.approx(0.4)
    assert told.without_limits == 0.4
    assert told.chances == pytest.approx([0.4, 0.4])
    assert told.prices == ()


def test_a_minimum_that_binds_costs_what_it_takes_from_the_others():
    rules = Rules(4, quotas(2))
    told = what_if(type_table(POOL, rules), rules)
    # Two of the four seats are left for eight people; one more seat would give each of them 1/8 more.
    assert told.chances == pytest.approx([2 / 8, 1.0])
    assert told.prices == (Price("role", "y", "minimum", pytest.approx(1 / 8)),)


def test_a_cap_has_one_price_for_all_values():
    pool = pool_of([f"p{i}" for i in range(12)], {"town": ["U"] * 5 + ["L"] * 5 + ["a", "b"]})
    rules = Rules(4, caps=(Cap("town", 1),))
    told = what_if(type_table(pool, rules), rules)
    assert told.least == pytest.approx(1 / 5)
    (price,) = told.prices
    assert (price.feature, price.value, price.side) == ("town", "", "cap")
    loosened = replace(rules, caps=(Cap("town", 2),))
    assert told.least + price.price >= what_if(type_table(pool, loosened), loosened).least


def test_a_floor_has_its_price_for_one_point():
    pool = pool_of([f"p{i}" for i in range(10)], {"tier": ["1"] * 5 + ["3"] * 5})
    points = {"1": Fraction(1), "3": Fraction(3)}
    rules = Rules(4, floor=Floor("tier", points, Fraction(5, 2)))
    told = what_if(type_table(pool, rules), rules)
    # A mean of 2.5 needs three of the four from tier 3; each point less lets two more of tier 1 in, of five.
    assert told.chances == pytest.approx([1 / 5, 3 / 5])
    assert told.prices == (Price("tier", "", "floor", pytest.approx(2 / 5)),)


def test_limits_that_exclude_each_other_have_no_chances():
    rules = Rules(4, (Quota("role", "x", 0, 1), Quota("role", "y", 0, 2)))
    with pytest.raises(NoPanel):
        what_if(type_table(POOL, rules), rules)


@settings(max_examples=10, deadline=None)
@given(tiny(tight=False))
def test_prices_bound_what_moving_a_limit_by_one_gains(case):
    pool, rules = case
    table = type_table(pool, rules)
    limits = limits_of(table, rules)
    now = relaxed_leximin(limits)
    assume(now is not None)
    for place in range(len(limits.rows)):
        step = np.arange(len(limits.rows)) == place
        lower = relaxed_leximin(replace(limits, lower=limits.lower - step))
        upper = relaxed_leximin(replace(limits, upper=limits.upper + step))
        # The least chance is a concave function of the limits, so that its slope is never less than the gain.
        assert lower.least <= now.least + now.lower_prices[place] + 1e-7
        assert upper.least <= now.least + now.upper_prices[place] + 1e-7
