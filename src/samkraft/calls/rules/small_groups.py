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

    A count of 1 or 2 is told as "fewer than 3". As long as what is withheld could be found from the sum and the
    others, the next smallest count is withheld as well. Nobody has a value with a count of 0, so it is told.

    >>> {value: str(telling) for value, telling in tellings({"a": 10, "b": 1, "c": 4, "d": 0}).items()}
    {'a': 'as_it_is', 'b': 'few', 'c': 'not', 'd': 'as_it_is'}
    """
    few = [value for value, count in counts.items() if 0 < count < FEWEST]
    others = sorted((value for value, count in counts.items() if count >= FEWEST), key=lambda value: counts[value])
    withheld = list(few)
    for value in others:
        if not withheld or _is_safe([counts[value] for value in withheld]):
            break
        withheld.append(value)
    return {
        value: Telling.FEW if value in few else Telling.NOT if value in withheld else Telling.AS_IT_IS
        for value in counts
    }


def _is_safe(counts: list[int]) -> bool:
    """Whether the sum of several withheld counts leaves open what each is.

    Who knows that each of the small ones is 1 or 2 knows them all where their sum is the least or the most there is.
    """
    if len(counts) < 2:
        return False
    if any(count >= FEWEST for count in counts):
        return True
    return len(counts) < sum(counts) < 2 * len(counts)
