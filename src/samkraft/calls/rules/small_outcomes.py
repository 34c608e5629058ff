"""What may be told of small groups when outcomes are told too, and when one feature lies within another.

Sums tell more than counts: of values that are withheld, how many are chosen follows from the places; and what is told
of a part of the country is a sum over its counties. Plain numbers, no database.
"""

from collections.abc import Mapping, Sequence

from .small_groups import FEWEST, Telling, tellings

Counts = Mapping[str, int]


def outcome_tellings(counts: Counts, chosen: Counts) -> dict[str, Telling]:
    """How each value's count, and how many of it are `chosen`, are told, where the sums of both are known.

    As `tellings`; and more is withheld as long as all or none of those withheld are chosen, while others are treated
    differently.

    >>> how = outcome_tellings({"a": 9, "b": 1, "c": 3, "d": 5}, {"a": 3, "b": 0, "c": 0, "d": 2})
    >>> {value: str(telling) for value, telling in how.items()}
    {'a': 'as_it_is', 'b': 'few', 'c': 'not', 'd': 'not'}
    """
    how = tellings(counts)
    others = sorted((value for value in counts if counts[value] >= FEWEST), key=lambda value: counts[value])
    withheld = [value for value in counts if how[value] != Telling.AS_IT_IS]
    if not withheld or sum(chosen.values()) in {0, sum(counts.values())}:
        return how
    for value in (value for value in others if how[value] == Telling.AS_IT_IS):
        if not _are_alike(withheld, counts, chosen):
            break
        how[value] = Telling.NOT
        withheld.append(value)
    return how


def _are_alike(values: Sequence[str], counts: Counts, chosen: Counts) -> bool:
    return sum(chosen[value] for value in values) in {0, sum(counts[value] for value in values)}


def tellings_within(
    counts: Counts, chosen: Counts, outer: Counts, outer_chosen: Counts, inside: Mapping[str, str]
) -> tuple[dict[str, Telling], dict[str, Telling]]:
    """How two features are told of which one divides the other further, such as counties the parts of a country.

    `inside` names the outer value of each inner one. What is told of an outer value is a sum over its inner ones.
    Where that would tell a small count or its outcome, however much is withheld, nothing of the outer feature is told.
    Returns the tellings of the inner and of the outer feature.
    """
    of_outer = outcome_tellings(outer, outer_chosen)
    groups: dict[str, list[str]] = {}
    for value in counts:
        where = inside.get(value, "")
        # Of all outer values that are not told, the sum alone is known.
        groups.setdefault(where if of_outer.get(where) == Telling.AS_IT_IS else "", []).append(value)
    found: dict[str, Telling] = {}
    for values in groups.values():
        group, of_group = {value: counts[value] for value in values}, {value: chosen[value] for value in values}
        how = outcome_tellings(group, of_group)
        if not _is_open(group, of_group, how):
            return outcome_tellings(counts, chosen), dict.fromkeys(outer, Telling.NOT)
        found |= how
    return {value: found[value] for value in counts}, of_outer


def _is_open(counts: Counts, chosen: Counts, how: Mapping[str, Telling]) -> bool:
    """Whether the sums of a group leave open what the counts and outcomes of its small values are."""
    withheld = [value for value in counts if how[value] != Telling.AS_IT_IS]
    small = [value for value in withheld if how[value] == Telling.FEW]
    if not small:
        return True
    if _are_alike(withheld, counts, chosen):
        return False
    return len(small) < len(withheld) or len(small) < sum(counts[value] for value in small) < 2 * len(small)
