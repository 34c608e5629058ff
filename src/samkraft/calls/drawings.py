"""The picture of a selection, drawn on the server: limits, the pool and those who were chosen, value by value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from samkraft.ui import numbers
from samkraft.ui.charts import nice_ticks

WIDTH = 640
LEFT, RIGHT = 4, 60
ROW = 62
TRACK = 26
BOTTOM = 34
MOST_TICKS = 6


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

    height = ROW * len(rows) + BOTTOM
    out = [
        f'<svg class="chart__svg mix" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    ]
    for tick in ticks:
        css = "chart__axis" if tick == 0 else "chart__grid"
        out.append(
            f'<line class="{css}" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TRACK}" y2="{height - BOTTOM + 4}"></line>'
            f'<text class="chart__tick" x="{x(tick):.1f}" y="{height - 8}" text-anchor="'
            f'{"start" if tick == 0 else "middle"}">{numbers.number(tick)}</text>'
        )
    for place, row in enumerate(rows):
        out.append(_row(row, ROW * place, x, top))
    return mark_safe("".join(out) + "</svg>")  # noqa: S308  (every text in it is escaped above)


def _row(row: MixRow, y: float, x: Scale, top: float) -> str:
    parts = [f'<text class="chart__label chart__halo" x="{LEFT}" y="{y + 18}">{escape(row.word)}</text>']
    track = y + TRACK
    if row.least > 0 or row.most is not None:
        left, right = x(row.least), x(top if row.most is None else row.most)
        width = max(right - left, 2)
        parts.append(
            f'<rect class="mix__band" x="{left:.1f}" y="{track}" width="{width:.1f}" height="26" rx="3"></rect>'
        )
    end = x(0)
    if row.chosen is not None:
        end, left = x(row.chosen), x(0)
        parts.append(
            f'<rect class="mix__bar" x="{left:.1f}" y="{track + 7}" width="{end - left:.1f}" height="12"></rect>'
        )
    if row.share is not None:
        at = x(row.share)
        parts.append(
            f'<path class="mix__share" d="M{at:.1f} {track - 1}v28"></path>'
            f'<path class="mix__share-head" d="M{at - 6:.1f} {track - 5}h12l-6 8z"></path>'
        )
    # The words stand clear of the bar and of the mark.
    words = max(end, x(row.share) if row.share is not None else 0.0) + 10
    parts.append(f'<text class="chart__halo" x="{words:.1f}" y="{track + 19}">{escape(row.told)}</text>')
    return "".join(parts)
