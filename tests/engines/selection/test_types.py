"""Types, whose numbers only the pool's contents decide."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.engines.selection import Cap, Column, Floor, Pool, Quota, Rules, pool_of, type_table

SECTOR = (Quota("sector", "roads", 0, 2), Quota("sector", "energy", 0, 2))
PEOPLE = st.lists(st.tuples(*[st.sampled_from(["", "x", "y", "å"])] * 3), min_size=1, max_size=12)


def pool(people):
    columns = dict(zip(("sector", "role", "town"), (list(column) for column in zip(*people, strict=True)), strict=True))
    return pool_of([f"p{i}" for i in range(len(people))], columns)


def rules(cap=None, features=("sector", "role")):
    quotas = tuple(Quota(feature, "x", 0, 1) for feature in features)
    return Rules(1, quotas, (Cap("town", cap),) if cap else ())


def test_types_are_what_people_have_in_common_in_order_of_their_values():
    table = type_table(
        pool_of("abcd", {"sector": ["roads", "energy", "roads", "energy"], "name": list("ABCD")}), Rules(2, SECTOR)
    )
    assert table.columns == ("sector",)
    assert table.keys == (("energy",), ("roads",))
    assert table.counts.tolist() == [2, 2]
    assert table.type_of.tolist() == [1, 0, 1, 0]


@given(PEOPLE, st.sampled_from([None, 1, 2, 3]))
def test_types_count_the_people_whose_key_they_have(people, cap):
    table = type_table(pool(people), rules(cap))
    towns = [town for _, _, town in people]
    kept = [town if cap and towns.count(town) > cap else "" for town in towns]
    own = [
        (sector, role, town) if cap else (sector, role) for (sector, role, _), town in zip(people, kept, strict=True)
    ]
    assert [table.keys[number] for number in table.type_of] == own
    assert table.keys == tuple(sorted(set(own)))
    assert table.counts.tolist() == [own.count(key) for key in table.keys]


@given(PEOPLE, st.randoms(use_true_random=False))
def test_types_do_not_depend_on_the_order_of_people(people, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    first, second = (type_table(pool(order), rules(1)) for order in (people, shuffled))
    assert first.keys == second.keys
    assert first.counts.tolist() == second.counts.tolist()


@pytest.mark.parametrize("at_most", [1, 2])
def test_a_cap_tells_apart_only_values_that_more_people_have(at_most):
    towns = ["Umeå", "Umeå", "Lund", "Laxå", "Laxå", "Laxå"]
    table = type_table(pool_of("abcdef", {"town": towns}), Rules(2, caps=(Cap("town", at_most),)))
    assert [key for (key,) in table.keys] == (["", "Laxå", "Umeå"] if at_most == 1 else ["", "Laxå"])


def test_a_cap_on_a_feature_with_quotas_keeps_all_its_values():
    towns = ["Umeå", "Umeå", "Lund"]
    table = type_table(pool_of("abc", {"town": towns}), Rules(2, (Quota("town", "Lund", 0, 1),), (Cap("town", 1),)))
    assert table.keys == (("Lund",), ("Umeå",))


def test_a_floor_tells_its_values_apart():
    floor = Floor("tier", {"1": Fraction(1), "2": Fraction(2)}, Fraction(1))
    table = type_table(pool_of("ab", {"tier": ["2", "1"]}), Rules(1, floor=floor))
    assert table.keys == (("1",), ("2",))


def test_without_rules_all_are_one_type():
    table = type_table(pool_of("ab", {"tier": ["2", "1"]}), Rules(1))
    assert table.keys == ((),)
    assert table.counts.tolist() == [2]


def test_an_empty_pool_has_no_types():
    table = type_table(pool_of([], {"sector": []}), Rules(1, SECTOR))
    assert table.keys == ()
    assert table.type_of.tolist() == []


def test_more_combinations_than_a_number_holds_are_still_told_apart():
    values = tuple(f"{i:05}" for i in range(30_000))
    codes = np.arange(30_000, dtype=np.int32)
    columns = {f"c{i}": Column(values, codes if i % 2 else codes[::-1].copy()) for i in range(6)}
    quotas = tuple(Quota(name, values[0], 0, 1) for name in columns)
    table = type_table(Pool(range(30_000), columns), Rules(1, quotas))
    assert table.counts.tolist() == [1] * 30_000
    assert table.type_of.tolist() == list(range(29_999, -1, -1))
    assert table.keys[0] == (values[0], values[-1]) * 3


def test_a_column_that_the_pool_lacks_is_named():
    with pytest.raises(ValueError, match="sector"):
        type_table(pool_of("ab", {"role": ["x", "y"]}), Rules(1, SECTOR))
