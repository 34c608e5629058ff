"""Which figures of small groups are not told, so that nobody can be picked out. Plain numbers, no database."""

from collections.abc import Mapping
from enum import StrEnum

FEWEST = 3


class Telling(StrEnum):
    """How the figures of one value are told: as they are, as "fewer than 3", or not at all."""

    AS_IT_IS = "as_it_is"
    FEW = "few"
    NOT = "not"


def tellings(counts: Mapping[str, int]) -> dict[str, Telling]:
    """How each value's count is told, where the counts of all values sum to a number that everybody knows.

    A count of 1 or 2 is told as "fewer than 3". The next smallest is withheld with it, and then the next, until the
    sum leaves open for each of the small ones if it is 1 or 2. Nobody has a value with a count of 0, so it is told.

    >>> {value: str(telling) for value, telling in tellings({"a": 10, "b": 1, "c": 4, "d": 0}).items()}
    {'a': 'as_it_is', 'b': 'few', 'c': 'not', 'd': 'as_it_is'}
    """
    few = [value for value, count in counts.items() if 0 < count < FEWEST]
    others = sorted((value for value, count in counts.items() if count >= FEWEST), key=lambda value: counts[value])
    more = 1 if few else 0
    while few and more < len(others):
        withheld = [*few, *others[:more]]
        # Who knows this rule knows that none that is withheld is above the smallest count that is told; of two that
        # are the same, the order of the values says which is withheld, so nothing is built on that.
        below = counts[others[more]] - 1
        if _is_open(len(few), more, sum(counts[value] for value in withheld), below):
            break
        more += 1
    withheld = others[:more]
    return {
        value: Telling.FEW if value in few else Telling.NOT if value in withheld else Telling.AS_IT_IS
        for value in counts
    }


def _is_open(few: int, more: int, total: int, below: int) -> bool:
    """Whether it stays open for each of the `few` counts if it is 1 or 2.

    Known are the `total` of all that is withheld, and that each of the `more` is from 3 up to `below`.
    """
    lowest = max(few, total - below * more)
    highest = min((FEWEST - 1) * few, total - FEWEST * more)
    return lowest < highest or few < lowest == highest < (FEWEST - 1) * few
