"""Pure rules about campaigns: how two versions of a text differ."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, ADDED, REMOVED = "same", "added", "removed"
# Comparing word by word takes time by the product of both lengths; beyond this, whole lines are compared.
MOST_PAIRS = 1_000_000


class Piece(NamedTuple):
    """Words in a row that both versions have, or only the newer, or only the older one."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[list[Piece]]:
    """Two plain texts as lines of pieces: what stayed, what was taken out, what was put in.

    >>> compared("We meet at six.", "We meet at seven.")
    [[Piece(kind='same', text='We meet at'), Piece(kind='removed', text='six.'), Piece(kind='added', text='seven.')]]
    """
    before, after = _lines(old), _lines(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[list[Piece]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found += [[Piece(SAME, line)] for line in before[i:j]]
        elif kind == "replace" and j - i == m - k:
            found += [_words(one, other) for one, other in zip(before[i:j], after[k:m], strict=True)]
        else:
            found += [[Piece(REMOVED, line)] for line in before[i:j]]
            found += [[Piece(ADDED, line)] for line in after[k:m]]
    return found


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]


def _words(old: str, new: str) -> list[Piece]:
    before, after = old.split(" "), new.split(" ")
    if len(before) * len(after) > MOST_PAIRS:
        return [Piece(REMOVED, old), Piece(ADDED, new)]
    return list(_pieces(before, after))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, " ".join(before[i:j]))
            continue
        if i < j:
            yield Piece(REMOVED, " ".join(before[i:j]))
        if k < m:
            yield Piece(ADDED, " ".join(after[k:m]))
