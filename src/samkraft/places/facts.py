"""Named facts about places, by which rules are written ("at most 15,000 inhabitants").

The app that knows a fact registers it in its `facts.py`; who uses facts knows only their names.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Value = int | str | bool
# The facts of many areas at once, by the areas' ids; an area of which it is not known is left out. `edition` tells
# which of several publications of the fact is meant; empty, the newest.
Read = Callable[[Collection[int], str], Mapping[int, Value]]


class FactKind(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Fact:
    """One thing that is known of municipalities.

    `choices(country)` are value and words, for facts of kind CHOICE; `editions(country)` are the publications that
    a rule can name, the newest first, for facts that are published again and again, each by a name that is short
    enough to stand in a sentence.
    """

    key: str
    label: str | Promise
    kind: FactKind
    read: Read
    unit: str | Promise = ""
    choices: Callable[[str], Sequence[tuple[str, str]]] | None = None
    editions: Callable[[str], Sequence[tuple[str, str]]] | None = None


_facts: dict[str, Fact] = {}


def register(fact: Fact) -> Fact:
    """Declare a fact. A key is taken once."""
    if fact.key in _facts and _facts[fact.key] != fact:
        raise ValueError(f"The fact {fact.key} is already registered.")
    _facts[fact.key] = fact
    return fact


def named(key: str) -> Fact:
    """Raises KeyError for a fact that nobody knows."""
    return _facts[key]


def registered() -> tuple[Fact, ...]:
    return tuple(_facts[key] for key in sorted(_facts))


def values(key: str, areas: Collection[int], edition: str = "") -> Mapping[int, Any]:
    """A fact of many areas, by their ids; those of which it is not known are left out."""
    return named(key).read(areas, edition)
