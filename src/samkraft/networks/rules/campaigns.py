"""Pure rules about campaigns: how two versions of a text differ."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, ADDED, REMOVED = "same", "added", "removed"
# Comparing takes time by at least the product of both lengths; what is longer is shown as taken out and put in whole.
MOST_PAIRS = 25_000


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
    found: list[list[Piece]] = []
    for kind, i, j, k, m in _steps(before, after):
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
    return list(_pieces(old.split(" "), new.split(" ")))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in _steps(before, after):
        if kind == "equal":
            yield Piece(SAME, " ".join(before[i:j]))
            continue
        if i < j:
            yield Piece(REMOVED, " ".join(before[i:j]))
        if k < m:
            yield Piece(ADDED, " ".join(after[k:m]))


def _steps(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """What to do with which slices, as SequenceMatcher says it; what both begin and end with is set aside first."""
    shorter = min(len(before), len(after))
    begin = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - begin
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    i, j, k, m = begin, len(before) - end, begin, len(after) - end
    steps = [("equal", 0, begin, 0, begin)] if begin else []
    if (j - i) * (m - k) > MOST_PAIRS:
        steps += [("delete", i, j, k, k), ("insert", j, j, k, m)]
    else:
        matcher = SequenceMatcher(None, before[i:j], after[k:m], autojunk=False)
        steps += [(kind, a + i, b + i, c + k, d + k) for kind, a, b, c, d in matcher.get_opcodes()]
    return [*steps, ("equal", j, len(before), m, len(after))] if end else steps
