"""Charts and maps as SVG, drawn on the server: the same picture on a page, in print and in a document.

Every function takes plain numbers and texts in the reader's language and returns a whole `<svg>` with a
title and a description. Values can be read one by one: each is a `g.point` with a label and a value that
`charts.js` moves between by keyboard, pointer or tap. Colours come from the style sheet by class.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from . import numbers

WIDTH = 640
HEIGHT = 380
TOP = 40
BOTTOM = 40
LEFT = 58
RIGHT = 26
# Least distance between two year labels, in units: with the text of a wide page, and with that of a phone.
APART_WIDE = 60
APART_NARROW = 84
# A line's name: about how wide a letter is, how near the top one may stand, and how far two stay apart.
NAME_LETTER = 9.5
NAME_LETTER_PHONE = 14.0
HIGHEST_NAME = 24
NAME_HEIGHT = 28


@dataclass(frozen=True)
class Bar:
    """One year's parts, from the bottom up: (class name, value). An empty bar is a gap."""

    year: int
    parts: tuple[tuple[str, float], ...]
    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line through (year, value); it is broken where a value is missing or a year is left out.

    `points` says whether each value can be read by itself. `name` stands at the line's end.
    """

    css: str
    name: str
    values: Mapping[int, float]
    points: bool = False
    continuous: bool = True


class Region(NamedTuple):
    """An area of a map: its path, the class that colours it, its name, its value in words, its address.

    One that the map's frame cuts off has no address: what is a link would reach over what stands beside the map.
    """

    path: str
    css: str
    name: str
    text: str
    url: str


def nice_ticks(lowest: float, highest: float, wanted: int = 4) -> list[float]:
    """Round values that span from `lowest` to `highest`, about `wanted` of them, zero among them."""
    low, high = min(lowest, 0.0), max(highest, 0.0)
    if low == high:
        high = 1.0
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [index * step for index in range(first, last + 1)]


@dataclass(frozen=True)
class Scale:
    """What the numbers at the axis count, such as thousands of tonnes: its name there and its size."""

    name: str
    size: float = 1.0


@dataclass(frozen=True)
class Frame:
    """The scales of a chart: years from left to right, values from the bottom up."""

    first: int
    last: int
    ticks: Sequence[float]

    def x(self, year: float) -> float:
        return LEFT + (year - self.first) / max(self.last - self.first, 1) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _open(name: str, title: str, description: str) -> str:
    return (
        f'<svg class="chart__svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" '
        f'aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )


def _grid(frame: Frame, scale: Scale) -> str:
    parts = [f'<text class="chart__tick" x="0" y="18" aria-hidden="true">{escape(scale.name)}</text>']
    decimals = 0 if all((tick / scale.size).is_integer() for tick in frame.ticks) else 1
    for tick in frame.ticks:
        y = frame.y(tick)
        css = "chart__axis" if tick == 0 else "chart__grid"
        words = numbers.number(tick / scale.size, decimals)
        parts.append(
            f'<line class="{css}" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"></line>'
            f'<text class="chart__tick" x="{LEFT - 8}" y="{y + 6:.1f}" text-anchor="end" aria-hidden="true">'
            f"{escape(words)}</text>"
        )
    return "".join(parts)


def _years(frame: Frame, years: Sequence[int], shift: float = 0.0) -> str:
    """Year labels that do not run into each other; those without room on a phone are left out there."""
    parts = []
    wide = _with_room(frame, years, APART_WIDE)
    narrow = _with_room(frame, wide, APART_NARROW)
    for year in wide:
        x = frame.x(year) + shift
        css = "chart__tick" if year in narrow else "chart__tick chart__tick--minor"
        parts.append(
            f'<text class="{css}" x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="middle" aria-hidden="true">{year}</text>'
        )
    return "".join(parts)


def _with_room(frame: Frame, years: Sequence[int], apart: float) -> list[int]:
    """The last year, and then every earlier one that is far enough from the one chosen before."""
    chosen = list(years[-1:])
    for year in reversed(years[:-1]):
        if frame.x(chosen[-1]) - frame.x(year) >= apart:
            chosen.append(year)
    return chosen[::-1]


def _point(label: str, text: str, inner: str, series: str = "") -> str:
    spoken = f"{series} {label}: {text}" if series else f"{label}: {text}"
    return (
        f'<g class="point" tabindex="-1" role="img" aria-label="{escape(spoken)}" data-series="{escape(series)}" '
        f'data-label="{escape(label)}" data-value="{escape(text)}">{inner}</g>'
    )


def stacked_bars(*, name: str, title: str, description: str, bars: Sequence[Bar], scale: Scale) -> SafeString:
    """Bars of parts on a time axis in which a year without figures is an empty place."""
    drawn = [bar for bar in bars if bar.parts]
    highest = max((sum(v for _, v in bar.parts if v > 0) for bar in drawn), default=1.0)
    lowest = min((sum(v for _, v in bar.parts if v < 0) for bar in drawn), default=0.0)
    first, last = bars[0].year, bars[-1].year + 1
    frame = Frame(first, last, nice_ticks(lowest, highest))
    width = frame.x(first + 1) - frame.x(first)
    gap = min(6.0, width * 0.16)
    out = [_open(name, title, description), _grid(frame, scale)]
    for bar in drawn:
        x = frame.x(bar.year) + gap / 2
        up = down = 0.0
        rects = []
        for css, value in bar.parts:
            base, up, down = (up, up + value, down) if value >= 0 else (down, up, down + value)
            y, end = sorted((frame.y(base), frame.y(base + value)))
            if end - y >= 0.05:
                rects.append(
                    f'<rect class="{css} chart__bar" x="{x:.1f}" y="{y:.1f}" '
                    f'width="{width - gap:.1f}" height="{end - y:.1f}"></rect>'
                )
        hit = (
            f'<rect class="point__hit" x="{frame.x(bar.year):.1f}" y="{TOP}" width="{width:.1f}" '
            f'height="{HEIGHT - TOP - BOTTOM}"></rect>'
        )
        out.append(_point(bar.label, bar.text, hit + "".join(rects)))
    years = [bar.year for bar in drawn]
    out.append(_years(frame, years, width / 2))
    return mark_safe("".join(out) + "</svg>")  # noqa: S308  (every text in it is escaped above)


def line_chart(
    *, name: str, title: str, description: str, lines: Sequence[Line], scale: Scale, unit: str
) -> SafeString:
    """Lines over years; values that can be read by themselves are points."""
    values = [value for line in lines for value in line.values.values()]
    years = sorted({year for line in lines for year in line.values})
    frame = Frame(years[0], years[-1], nice_ticks(min(values, default=0.0), max(values, default=1.0)))
    out = [_open(name, title, description), _grid(frame, scale)]
    # Points lie on top of every line and name, so that the last year can be pointed at where the trend begins.
    out.extend(_strokes(frame, line) for line in lines)
    out.append(_line_names(frame, lines))
    for line in lines:
        if line.points:
            out.append("<g>")
            out.extend(
                _point(
                    str(year),
                    f"{numbers.tonnes(value)} {unit}",
                    f'<circle class="point__hit" cx="{frame.x(year):.1f}" cy="{frame.y(value):.1f}" r="16"></circle>'
                    f'<circle class="{_dot(line, year)}" '
                    f'cx="{frame.x(year):.1f}" cy="{frame.y(value):.1f}" r="5"></circle>',
                    line.name,
                )
                for year, value in sorted(line.values.items())
            )
            out.append("</g>")
    marked = [year for year in years if year % 10 == 0 or year in (years[0], years[-1])]
    out.append(_years(frame, marked))
    return mark_safe("".join(out) + "</svg>")  # noqa: S308  (every text in it is escaped above)


def _dot(line: Line, year: int) -> str:
    """The last year is marked; the points of a line beside the main one have that line's colour."""
    if year == max(line.values):
        return "chart__last"
    return "chart__dot chart__dot--other" if "chart__line--other" in line.css else "chart__dot"


def _strokes(frame: Frame, line: Line) -> str:
    """The line's path, lifted where a year is left out (unless the line is a computed, continuous one)."""
    path, before = [], None
    for year, value in sorted(line.values.items()):
        joined = before is not None and (line.continuous or year - before == 1)
        path.append(f"{'L' if joined else 'M'}{frame.x(year):.1f} {frame.y(value):.1f}")
        before = year
    return f'<path class="{line.css}" d="{"".join(path)}"></path>'


def _line_names(frame: Frame, lines: Sequence[Line]) -> str:
    """Each line's name beside it: above the last point of one with points, else on the free side along it."""
    parts: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for line in lines:
        if not line.name or not line.values:
            continue
        left, y, width = _name_place(frame, line)
        rises = line.values[max(line.values)] > line.values[min(line.values)]
        step = NAME_HEIGHT if rises and not line.points else -NAME_HEIGHT
        y = max(y, HIGHEST_NAME)
        while any(abs(y - other) < NAME_HEIGHT and left < end and start < left + width for start, end, other in taken):
            if y + step < HIGHEST_NAME:
                step = NAME_HEIGHT
            y += step
        taken.append((left, left + width, y))
        # Letters grow on a phone: a name that would then leave the chart grows to the left from where it ends.
        leaves = left + len(line.name) * NAME_LETTER_PHONE > WIDTH
        x, anchor = (left + width, "end") if leaves else (left, "start")
        parts.append(
            f'<text class="chart__label chart__halo" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
            f'aria-hidden="true">{escape(line.name)}</text>'
        )
    return "".join(parts)


def _name_place(frame: Frame, line: Line) -> tuple[float, float, float]:
    """Where a line's name begins, its base line, and about how wide it is, in units."""
    years = sorted(line.values)
    width = len(line.name) * NAME_LETTER
    rises = line.values[years[-1]] > line.values[years[0]]
    if line.points:
        year = years[-1]
        left = frame.x(year) - width / 2
    else:
        year = years[len(years) // 4]
        left = frame.x(year) + 10
    y = frame.y(line.values[year]) + (NAME_HEIGHT if rises and not line.points else -12)
    return min(max(left, LEFT), WIDTH - width), y, width


def choropleth(
    *, name: str, title: str, description: str, view_box: str, regions: Sequence[Region], css: str = ""
) -> SafeString:
    """A map whose every area has a name and a value, and is a link where it has an address."""
    out = [
        f'<svg class="map {css}" viewBox="{view_box}" role="group" aria-labelledby="{name}-title {name}-desc" '
        f'focusable="false"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    ]
    out.extend(map(_region, regions))
    return mark_safe("".join(out) + "</svg>")  # noqa: S308  (every text in it is escaped above)


def _region(region: Region) -> str:
    spoken = escape(f"{region.name}: {region.text}")
    if not region.url:
        return f'<g class="area {region.css}"><title>{spoken}</title><path d="{region.path}"></path></g>'
    return (
        f'<a href="{escape(region.url)}" class="area {region.css}" aria-label="{spoken}">'
        f'<title>{spoken}</title><path d="{region.path}"></path></a>'
    )
