"""outlines.csv: simplified outlines as SVG path data, and outlines_frame.csv: the grid they are drawn on.

A unit is 100 m in the country's own projection; x grows eastwards and y southwards from the country's own
corner, so that one viewBox serves the whole country. Simplification keeps shared borders shared.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import shapely
from areas import COUNTRIES, Area, county_of
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapes import PROJECTIONS, Shapes, municipality_shapes, union_by
from tables import write_table

UNIT = 100  # metres
MARGIN = 50  # units around the country
FRAME_COLUMNS = (
    "country",
    "min_x",
    "min_y",
    "width",
    "height",
    "metres_per_unit",
    "projection",
    "origin_east",
    "origin_north",
)


@dataclass(frozen=True)
class Detail:
    """How much is kept: the tolerance in metres, and the smallest island or hole in km²."""

    tolerance: float
    smallest_part: float


# The Swedish municipalities come already simplified by their publisher.
MUNICIPALITIES = {"SE": Detail(150, 1), "NO": Detail(1100, 8), "DK": Detail(350, 1)}
COUNTIES = {"SE": Detail(2500, 25), "NO": Detail(4000, 60), "DK": Detail(1500, 10)}


@dataclass(frozen=True)
class Grid:
    """The corner of a country's drawing, in metres of its projection."""

    east: int
    north: int
    width: int
    height: int

    def place(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.east) / UNIT), round((self.north - y) / UNIT)


def build(areas: list[Area], data: Path, out: Path) -> dict[str, int]:
    outlines: list[tuple[str, str]] = []
    frames: list[tuple[str, ...]] = []
    for country in COUNTRIES:
        shapes = _covering(municipality_shapes(country, data))
        counties = union_by(shapes, county_of(areas, country))
        grid = _grid(shapes)
        frame = (-MARGIN, -MARGIN, grid.width + 2 * MARGIN, grid.height + 2 * MARGIN, UNIT)
        frames.append((country, *map(str, frame), PROJECTIONS[country], str(grid.east), str(grid.north)))
        for detail, level in ((MUNICIPALITIES[country], shapes), (COUNTIES[country], counties)):
            simple = _simplified(level, detail.tolerance)
            for code, shape in simple.items():
                outlines.append((f"{country}-{code}", path(shape, grid, detail.smallest_part)))
    return {
        "outlines.csv": write_table(out / "outlines.csv", ("key", "path"), outlines),
        "outlines_frame.csv": write_table(out / "outlines_frame.csv", FRAME_COLUMNS, frames),
    }


def path(shape: BaseGeometry, grid: Grid, smallest_part: float) -> str:
    """Closed rings of relative whole-number steps; the largest part is always kept."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: part.area, reverse=True)
    smallest = smallest_part * 1e6
    kept = parts[:1] + [part for part in parts[1:] if part.area >= smallest]
    return "".join(_ring(ring, grid) for part in kept for ring in _rings(part, smallest))


def _rings(part: Polygon, smallest_hole: float) -> list[BaseGeometry]:
    """The outer ring and, turning the other way, the holes: a lake, or Frederiksberg inside Copenhagen."""
    turned = orient(part)
    return [turned.exterior, *(ring for ring in turned.interiors if Polygon(ring).area >= smallest_hole)]


def _ring(ring: BaseGeometry, grid: Grid) -> str:
    points = [grid.place(x, y) for x, y in ring.coords[:-1]]
    steps = [(x - px, y - py) for (px, py), (x, y) in pairwise(points)]
    steps = [step for step in steps if step != (0, 0)]
    if len(steps) < 2:
        return ""
    drawn = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{drawn}z"


def _covering(shapes: Shapes) -> Shapes:
    """The same shapes with the few gaps and overlaps along shared borders closed."""
    return dict(zip(shapes, shapely.coverage_clean(list(shapes.values()), gap_width=UNIT), strict=True))


def _simplified(shapes: Shapes, tolerance: float) -> Shapes:
    simple = shapely.coverage_simplify(list(shapes.values()), tolerance)
    return dict(zip(shapes, simple, strict=True))


def _grid(shapes: Shapes) -> Grid:
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    left, top = math.floor(west / 1000) * 1000, math.ceil(north / 1000) * 1000
    return Grid(left, top, math.ceil((east - left) / UNIT), math.ceil((top - south) / UNIT))
