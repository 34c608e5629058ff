"""What long work tells while it runs, and how it is stopped."""

from __future__ import annotations

from enum import StrEnum

from .model import Asked, Cancelled, Progress


class Stage(StrEnum):
    """What a lottery's progress is told of."""

    TYPES = "types"
    PANELS = "panels"
    MIXING = "mixing"
    ROUNDING = "rounding"


class Watch:
    """Tells progress, which never falls, and stops when asked to."""

    def __init__(self, progress: Progress, cancelled: Asked) -> None:
        self._progress, self._cancelled, self._share = progress, cancelled, 0.0

    def at(self, stage: Stage, share: float) -> None:
        if self._cancelled():
            raise Cancelled
        self._share = max(self._share, min(share, 1.0))
        self._progress(stage, self._share)
