"""Maps of areas by a measure, their legends, and the same as rows of a table."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.places import queries as places
from samkraft.places.models import Area, AreaKind, address_of
from samkraft.ui import charts, numbers
from samkraft.ui.tables import Cell, Column, sortable_table
from samkraft.ui.tables import Row as TableRow

from . import listings, queries
from .models import GasSet, Release


@dataclass(frozen=True)
class Measure:
    """What a map shows: its name, the limits between its five classes, and how values and limits read."""

    code: str
    name: Promise
    limits: tuple[float, float, float, float]
    scale: str
    text: Callable[[numbers.Writer, float], str]
    limit_text: Callable[[numbers.Writer, float], str]
    legend_title: Promise


def _signed(write: numbers.Writer, value: float) -> str:
    return ("+" if round(value) > 0 else "") + write.percent(value, 0)


def _per_person_text(write: numbers.Writer, value: float) -> str:
    return _per_person_words(write.language, round(value, 1))


@lru_cache(maxsize=4096)
def _per_person_words(language: str, tonnes: float) -> str:
    return _("%(tonnes)s tonnes per person") % {"tonnes": numbers.number(tonnes, 1)}


def _one_decimal(write: numbers.Writer, value: float) -> str:
    return write.number(value, 1)


MEASURES = (
    Measure(
        "per-person",
        gettext_lazy("Per person"),
        (2.5, 4, 6, 10),
        "sequential",
        _per_person_text,
        _one_decimal,
        gettext_lazy("Tonnes per person"),
    ),
    Measure(
        "change",
        gettext_lazy("Change since 2015"),
        (-40, -25, -10, 0),
        "diverging",
        _signed,
        _signed,
        gettext_lazy("Change in per cent"),
    ),
    Measure(
        "budget",
        gettext_lazy("Distance to the budget path"),
        (20, 60, 100, 150),
        "sequential",
        _signed,
        _signed,
        gettext_lazy("Above the budget path"),
    ),
)


class Row(NamedTuple):
    """One area on the map and in its table. `value` is the chosen measure, None when it is not known."""

    area: Area
    tonnes: float | None
    per_person: float | None
    change: float | None
    budget: float | None
    value: float | None


def budget_distance(line: queries.BudgetLine, year: int) -> float | None:
    """How much more, in per cent, the trend emits in a year than the budget's path allows."""
    if not line.start_tonnes or line.trend_slope is None or line.needed_cut_percent is None:
        return None
    passed = max(year - line.start_year, 0)
    trend = max(line.start_tonnes + line.trend_slope * passed, 0.0)
    allowed = line.start_tonnes * (1 - line.needed_cut_percent / 100) ** passed
    return (trend / allowed - 1) * 100 if allowed > 0 else None


def class_of(value: float | None, measure: Measure) -> str:
    """The style class of a value: one of five steps of the measure's scale, or none."""
    if value is None:
        return "class-none"
    step = sum(value > limit for limit in measure.limits) + 1
    return f"class-{step}"


def map_of(area: Area, releases: Mapping[str, Release], wanted: str, today: date) -> dict[str, Any] | None:
    """All that a map's template needs; None when there are no figures for the area's country.

    `releases` are the country's current ones by set of gases; the first is the one that is shown.
    """
    frame = places.map_frame(area.country)
    if not releases or frame is None:
        return None
    release = next(iter(releases.values()))
    known = _rows(_shown_areas(area), release, releases.get(GasSet.CO2), today)
    measures = [m for m in MEASURES if any(getattr(row, _FIELDS[m.code]) is not None for row in known)]
    if not measures:
        return None
    measure = next((m for m in measures if m.code == wanted), measures[0])
    rows = [_with_value(row, measure) for row in known]
    level = AreaKind.COUNTY if area.kind == AreaKind.COUNTRY else AreaKind.MUNICIPALITY
    return {
        "area": area,
        "release": release,
        "base_year": release.base_year,
        "year": today.year,
        "measure": measure,
        "measures": measures,
        "legend": legend(measure),
        "small": _map(
            area,
            [row for row in rows if row.area.kind == level],
            measure,
            _view_box(area, frame.view_box, rows),
        ),
        "large": _map(
            area,
            [row for row in rows if row.area.kind == AreaKind.MUNICIPALITY],
            measure,
            _view_box(area, frame.view_box, rows),
        )
        if area.kind == AreaKind.COUNTRY
        else "",
        "table": _table(area, rows, release.compared_year, release.base_year),
    }


_NUMBER = re.compile(r"-?\d+")
_FIELDS = {"per-person": "per_person", "change": "change", "budget": "budget"}


def _shown_areas(area: Area) -> list[Area]:
    inside = Area.objects.filter(country=area.country).only("country", "kind", "name", "slug", "outline")
    if area.kind == AreaKind.COUNTRY:
        return list(inside.exclude(kind=AreaKind.COUNTRY))
    return list(inside.filter(parent=area))


def _rows(shown: Sequence[Area], release: Release, budgets: Release | None, today: date) -> list[Row]:
    lines = queries.budget_lines(budgets) if budgets else {}
    return [
        Row(
            found.area,
            found.tonnes,
            found.per_person.tonnes if found.per_person else None,
            found.change,
            budget_distance(lines[found.area.pk], today.year) if found.area.pk in lines else None,
            None,
        )
        for found in queries.compared(shown, release)
    ]


def _with_value(row: Row, measure: Measure) -> Row:
    value = getattr(row, _FIELDS[measure.code])
    return row._replace(value=value)


def _table(area: Area, rows: Sequence[Row], last_year: int | None, base: int) -> str:
    write, address = numbers.writer(), address_of(area.country)
    return sortable_table(
        caption=_("Municipalities of %(place)s") % {"place": area.display_name},
        columns=[*listings.columns(last_year, base), Column(_("Distance to the budget path"))],
        rows=[
            TableRow(
                row.area.name,
                [
                    *listings.cells(write, row.tonnes, row.per_person, row.change),
                    Cell(write.percent(row.budget, 0), row.budget),
                ],
                url=f"{address}{row.area.slug}/",
            )
            for row in rows
            if row.area.kind == AreaKind.MUNICIPALITY
        ],
    )


def legend(measure: Measure) -> list[tuple[str, str]]:
    """(style class, words) for each class of the measure, the lowest first."""
    write = numbers.writer()
    texts = [measure.limit_text(write, limit) for limit in measure.limits]
    words = [
        _("at most %(limit)s") % {"limit": texts[0]},
        *(_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(texts)),
        _("more than %(limit)s") % {"limit": texts[-1]},
    ]
    classes = [f"class-{step}" for step in range(1, 6)]
    return [*zip(classes, words, strict=True), ("class-none", _("no figure"))]


def _map(area: Area, rows: Sequence[Row], measure: Measure, view_box: str) -> str:
    if not rows:
        return ""
    level = rows[0].area.kind
    write, address = numbers.writer(), address_of(area.country)
    return charts.choropleth(
        name=f"map-{level}",
        title=_("Map of %(place)s: %(measure)s") % {"place": area.display_name, "measure": str(measure.legend_title)},
        description=_("Every area is a link to its own page."),
        view_box=view_box,
        css=f"map--{level} scale-{measure.scale}",
        regions=[
            charts.Region(
                row.area.outline,
                class_of(row.value, measure),
                row.area.name,
                _("no figure") if row.value is None else measure.text(write, row.value),
                f"{address}{row.area.slug}/",
            )
            for row in rows
            if row.area.outline
        ],
    )


def _view_box(area: Area, whole: str, rows: Sequence[Row]) -> str:
    """The whole frame for a country; for a county the box around its municipalities."""
    if area.kind == AreaKind.COUNTRY:
        return whole
    boxes = [outline_box(row.area.outline) for row in rows if row.area.outline]
    if not boxes:
        return whole
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = max(right - left, bottom - top) // 25 + 2
    return f"{left - margin} {top - margin} {right - left + 2 * margin} {bottom - top + 2 * margin}"


def outline_box(path: str) -> tuple[int, int, int, int]:
    """The box around an outline of relative lines, as left, top, right, bottom."""
    x = y = 0
    xs, ys = [], []
    for ring in path.split("M")[1:]:
        numbers_in_ring = [int(text) for text in _NUMBER.findall(ring)]
        x = y = 0
        for dx, dy in zip(numbers_in_ring[::2], numbers_in_ring[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
