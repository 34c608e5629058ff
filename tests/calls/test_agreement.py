"""How well reviewers agree: the figures against published and hand-made ones, and the words."""

import pytest

from samkraft.calls.rules.agreement import Agreement, alpha, mean_difference, spread, standing, weakest

# The reliability data of Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part D, unit by unit: four
# observers, twelve units, points from 1 to 5, some missing. He gives 0.849 for interval data.
PUBLISHED = [
    [1, 1, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [5, 5, 5],
    [1, 1],
    [3],
]


def test_alpha_is_the_published_one() -> None:
    assert round(alpha(PUBLISHED) or 0, 3) == 0.849


def test_alpha_is_what_one_reckons_by_hand() -> None:
    """Two units, 1 and 2, 3 and 3. Observed: (1 + 1) / 4 = 1/2. Expected: 2 (1 + 4 + 4 + 1 + 1 + 0) / 12 = 11/6."""
    assert alpha([[1, 2], [3, 3]]) == pytest.approx(1 - (1 / 2) / (11 / 6))


def test_alpha_is_one_when_all_agree_and_below_zero_when_they_do_the_opposite() -> None:
    assert alpha([[1, 1], [5, 5], [3, 3]]) == 1.0
    assert (alpha([[1, 5], [5, 1]]) or 0) < 0


def test_alpha_is_none_where_there_is_nothing_to_compare() -> None:
    assert [alpha([]), alpha([[3], [4]]), alpha([[3, 3], [3, 3]])] == [None, None, None]


def test_mean_difference_counts_every_pair_of_reviewers() -> None:
    assert mean_difference([[1, 3], [2, 2, 5], [4]]) == (2 + 0 + 3 + 3) / 4
    assert mean_difference([[4]]) is None


def test_words_follow_the_bounds() -> None:
    same, opposite = [[1, 1], [5, 5], [3, 3], [2, 2], [4, 4]], [[1, 5], [5, 1], [1, 5], [5, 1], [1, 5]]
    near, rough = [[1, 2], [5, 4], [3, 3], [2, 2], [4, 5]], [[1, 3], [5, 4], [3, 3], [2, 4], [4, 5]]

    assert [standing(units) for units in (same, near, rough, opposite, [[3, 3]] * 5, same[:4])] == [
        Agreement.GOOD,
        Agreement.GOOD,
        Agreement.WEAK,
        Agreement.NONE,
        Agreement.SAME,
        Agreement.TOO_FEW,
    ]
    assert standing(PUBLISHED) == Agreement.GOOD


def test_weakest_of_several_is_the_one_that_agrees_least() -> None:
    assert weakest([Agreement.GOOD, Agreement.WEAK, Agreement.FAIR]) == Agreement.WEAK
    assert weakest([Agreement.SAME, Agreement.GOOD]) == Agreement.GOOD
    assert weakest([Agreement.NONE, Agreement.WEAK]) == Agreement.NONE


def test_spread_is_from_the_least_to_the_most() -> None:
    assert [spread([2, 5, 3]), spread([4]), spread([])] == [3, 0, 0]
