"""Many short texts in one piece of memory: a million ids take about ten bytes each instead of sixty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from .model import IntArray


class Texts(Sequence[str]):
    """n texts: UTF-8 one after another in `data`, the k-th from `ends[k - 1]` to `ends[k]`. They cannot be changed."""

    __slots__ = ("_data", "_ends")

    def __init__(self, data: bytes | bytearray, ends: IntArray) -> None:
        self._data = data
        self._ends = ends

    @classmethod
    def of_width(cls, data: bytes, width: int) -> Texts:
        """Texts of ASCII that all have the same width."""
        return cls(data, np.arange(width, len(data) + 1, width, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            first, last, step = index.indices(len(self))
            if step == 1:
                return tuple(self._between(first, max(first, last)))
            return tuple(self[k] for k in range(first, last, step))
        place = range(len(self))[index]  # an index out of range, or from the end, as with every other sequence
        start = int(self._ends[place - 1]) if place else 0
        return self._data[start : int(self._ends[place])].decode()

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), 10_000):
            yield from self._between(first, min(first + 10_000, len(self)))

    def _between(self, first: int, last: int) -> Iterator[str]:
        data = self._data
        start = int(self._ends[first - 1]) if first else 0
        for end in self._ends[first:last].tolist():
            yield data[start:end].decode()
            start = end
