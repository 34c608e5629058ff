"""What is wrong with rules, told before anything is computed."""

from fractions import Fraction

import pytest

from samkraft.engines.selection import Cap, Floor, Problem, ProblemCode, Quota, Rules, pool_of, problems

POOL = pool_of("abcde", {"role": ["x", "x", "y", "y", "y"], "town": ["U", "U", "U", "L", ""], "tier": list("11223")})
FAIR = (Quota("role", "x", 1, 2), Quota("role", "y", 0, 2))
POINTS = {"1": Fraction(1), "2": Fraction(2), "3": Fraction(7, 2)}


def floor(mean, points=None):
    return Floor("tier", points or POINTS, Fraction(mean))


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (Rules(3, FAIR, (Cap("town", 1),), floor(2)), []),
        (Rules(0, (Quota("role", "x", 0, 2), FAIR[1])), [Problem(ProblemCode.NO_SEATS, found=0, wanted=1)]),
        (Rules(6), [Problem(ProblemCode.TOO_FEW_PEOPLE, found=5, wanted=6)]),
        (Rules(3, caps=(Cap("shire", 2),)), [Problem(ProblemCode.UNKNOWN_COLUMN, "shire")]),
        (
            Rules(3, (*FAIR, Quota("role", "x", 1, 1))),
            [Problem(ProblemCode.REPEATED_QUOTA, "role", "x", found=2, wanted=1)],
        ),
        (Rules(3, (Quota("role", "x", -1, 2), FAIR[1])), [Problem(ProblemCode.NEGATIVE, "role", "x", found=-1)]),
        (
            Rules(3, (Quota("role", "x", 2, 1), FAIR[1])),
            [Problem(ProblemCode.MINIMUM_ABOVE_MAXIMUM, "role", "x", found=2, wanted=1)],
        ),
        (
            Rules(3, (*FAIR, Quota("role", "z", 1, 1))),
            [Problem(ProblemCode.VALUE_NOBODY_HAS, "role", "z", found=0, wanted=1)],
        ),
        (Rules(3, (*FAIR, Quota("role", "z", 0, 1))), []),
        (
            Rules(3, (Quota("role", "x", 3, 3), FAIR[1])),
            [Problem(ProblemCode.TOO_FEW_WITH_VALUE, "role", "x", found=2, wanted=3)],
        ),
        (Rules(3, FAIR[:1]), [Problem(ProblemCode.VALUE_WITHOUT_QUOTA, "role", "y", found=3)]),
        (
            Rules(3, (Quota("role", "x", 2, 2), Quota("role", "y", 2, 2))),
            [Problem(ProblemCode.MINIMUMS_ABOVE_SEATS, "role", found=4, wanted=3)],
        ),
        (
            Rules(3, (Quota("role", "x", 0, 1), Quota("role", "y", 0, 1))),
            [Problem(ProblemCode.MAXIMUMS_BELOW_SEATS, "role", found=2, wanted=3)],
        ),
        (Rules(3, caps=(Cap("town", 0),)), [Problem(ProblemCode.CAP_BELOW_ONE, "town", found=0, wanted=1)]),
        (Rules(4, caps=(Cap("town", 1),)), [Problem(ProblemCode.CAP_TOO_TIGHT, "town", found=3, wanted=4)]),
        (
            Rules(3, floor=floor(2, {"1": Fraction(1), "2": Fraction(2)})),
            [Problem(ProblemCode.VALUE_WITHOUT_POINTS, "tier", "3", found=1)],
        ),
        (Rules(2, floor=floor(3)), [Problem(ProblemCode.FLOOR_TOO_HIGH, "tier", "11/4")]),
        (Rules(2, floor=floor("11/4")), []),
    ],
)
def test_problems_are_told_with_their_place_and_numbers(rules, found):
    assert list(problems(POOL, rules)) == found
