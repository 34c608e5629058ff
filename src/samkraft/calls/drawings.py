"""The picture of a selection, drawn on the server: limits, the pool and those who were chosen, value by value."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from samkraft.ui import numbers
from samkraft.ui.charts import nice_ticks

WIDTH = 640
LEFT, RIGHT = 2, 14
# A row: one or two lines of words, with room for the larger letters of a phone, and the track below them.
LINE = 26
TRACK = 26
GAP = 18
BOTTOM = 40
LONGEST_LINE = 36


Scale = Callable[[float], float]


@dataclass(frozen=True)
class MixRow:
    """One value: its word, the limits, how many places its share of the pool would be, and how many are chosen.

    What is not to be told is None; `told` says in words, at the end of the row, what is.
    """

    word: str
    least: int
    most: int | None
    share: float | None
    chosen: int | None
    told: str


def mix(*, name: str, title: str, description: str, rows: Sequence[MixRow], highest: float) -> SafeString:
    """A row for each value: a band from the least to the most, a mark for its share of the pool, a bar for the chosen.

    `highest` is the number of places at the right end, the same for all pictures that stand together.
    """
    ticks = [tick for tick in nice_ticks(0, highest, 4) if tick == int(tick)]
    top = max(highest, ticks[-1])

    def x(value: float) -> float:
        return LEFT + min(value, top) / top * (WIDTH - LEFT - RIGHT)

    out: list[str] = []
    y = 0.0
    for row in rows:
        drawn, y = _row(row, y, x)
        out.append(drawn)
    height = y + BOTTOM - GAP
    grid = []
    for tick in ticks:
        css = "chart__axis" if tick == 0 else "chart__grid"
        anchor = "start" if tick == 0 else "middle"
        grid.append(
            f'<path class="{css}" d="M{x(tick):.1f} {LINE}V{height - BOTTOM + 4:.0f}"></path>'
            f'<text class="chart__tick" x="{x(tick):.1f}" y="{height - 8:.0f}" text-anchor="{anchor}">'
            f"{numbers.number(tick)}</text>"
        )
    head = (
        f'<svg class="chart__svg mix" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return mark_safe("".join([head, *grid, *out]) + "</svg>")  # noqa: S308  (every text in it is escaped above)


def _row(row: MixRow, y: float, x: Scale) -> tuple[str, float]:
    """The row drawn from `y` downwards, and where the next one begins."""
    lines = _lines(row.word)
    parts = [
        f'<text class="chart__label chart__halo" x="{LEFT}" y="{y + LINE * place + 19:.0f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]
    track = y + LINE * len(lines)
    # What is told stands at the end of the last line of words, clear of everything that is drawn.
    parts.append(
        f'<text class="chart__halo" x="{WIDTH - RIGHT}" y="{track - LINE + 19:.0f}" text-anchor="end">'
        f"{escape(row.told)}</text>"
    )
    if row.least > 0 or row.most is not None:
        parts.append(_band(row, track, x))
    if row.chosen is not None:
        left, right = x(0), x(row.chosen)
        parts.append(f'<path class="mix__bar" d="M{left:.1f} {track + 7:.0f}H{right:.1f}v12H{left:.1f}z"></path>')
    if row.share is not None:
        at = x(row.share)
        parts.append(
            f'<path class="mix__share" d="M{at:.1f} {track - 1:.0f}v28"></path>'
            f'<path class="mix__share-head" d="M{at - 6:.1f} {track - 4:.0f}h12l-6 8z"></path>'
        )
    return "".join(parts), track + TRACK + GAP


def _band(row: MixRow, track: float, x: Scale) -> str:
    """From the least to the most; without a most, to the right end."""
    left = x(row.least)
    width = max(x(math.inf if row.most is None else row.most) - left, 2)
    return f'<rect class="mix__band" x="{left:.1f}" y="{track:.0f}" width="{width:.1f}" height="{TRACK}" rx="3"></rect>'


def _lines(words: str) -> list[str]:
    """The words in one line, or in two where one would be too long for a phone."""
    if len(words) <= LONGEST_LINE:
        return [words]
    cut = words.rfind(" ", 0, LONGEST_LINE)
    if cut < 1:
        return [f"{words[: LONGEST_LINE - 1]}…"]
    rest = words[cut + 1 :]
    return [words[:cut], rest if len(rest) <= LONGEST_LINE else f"{rest[: LONGEST_LINE - 1]}…"]
