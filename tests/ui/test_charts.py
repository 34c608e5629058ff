"""Charts and maps: their geometry, and that every value can be read."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from django.utils import translation

from samkraft.ui import charts
from samkraft.ui.charts import Bar, Line, Region, Scale

TONNES = Scale("tonnes")


def drawn(svg: str) -> ET.Element:
    """The picture as a tree; what is not well-formed is refused here."""
    return ET.fromstring(svg)


def of_class(tree: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in tree.iter() if name in element.get("class", "").split()]


def bars_of(tree: ET.Element) -> list[ET.Element]:
    return of_class(tree, "chart__bar")


def bar_chart(*bars: Bar, scale: Scale = TONNES) -> ET.Element:
    return drawn(charts.stacked_bars(name="e", title="Emissions", description="By year", bars=bars, scale=scale))


def line_chart(*lines: Line, unit: str = "tonnes") -> ET.Element:
    return drawn(charts.line_chart(name="p", title="Path", description="To 2050", lines=lines, scale=TONNES, unit=unit))


def bar(year: int, *parts: tuple[str, float], text: str = "some tonnes") -> Bar:
    return Bar(year, parts, str(year), text)


def zero_line(tree: ET.Element) -> float:
    (axis,) = of_class(tree, "chart__axis")
    return float(axis.get("y1", ""))


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 87_000, [0, 25_000, 50_000, 75_000, 100_000]),
        (-30, 100, [-50, 0, 50, 100]),
        (20, 90, [0, 25, 50, 75, 100]),
        (-8, -2, [-8, -6, -4, -2, 0]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks_are_round_span_the_values_and_hold_zero(lowest: float, highest: float, ticks: list[float]) -> None:
    assert charts.nice_ticks(lowest, highest) == pytest.approx(ticks)


class TestBars:
    def test_a_bar_is_as_high_as_its_value(self) -> None:
        tree = bar_chart(bar(2020, ("sector-transport", 50)), bar(2021, ("sector-transport", 100)))

        half, whole = (float(found.get("height", "")) for found in bars_of(tree))
        assert whole == charts.HEIGHT - charts.TOP - charts.BOTTOM
        assert half == whole / 2

    def test_parts_stand_on_each_other(self) -> None:
        tree = bar_chart(bar(2020, ("sector-transport", 60), ("sector-waste", 40)))

        lower, upper = bars_of(tree)
        assert float(upper.get("y", "")) + float(upper.get("height", "")) == pytest.approx(float(lower.get("y", "")))
        assert float(lower.get("y", "")) + float(lower.get("height", "")) == pytest.approx(zero_line(tree))

    def test_a_part_below_zero_hangs_below_the_zero_line(self) -> None:
        tree = bar_chart(bar(2020, ("sector-transport", 60), ("sector-agriculture", -30)))

        above, below = bars_of(tree)
        assert float(below.get("y", "")) == pytest.approx(zero_line(tree))
        assert float(above.get("y", "")) + float(above.get("height", "")) == pytest.approx(zero_line(tree))

    def test_a_year_without_figures_is_an_empty_place_as_wide_as_a_year(self) -> None:
        tree = bar_chart(
            bar(2018, ("sector-transport", 5)), Bar(2019, (), "2019", ""), bar(2020, ("sector-transport", 5))
        )

        first, last = (float(found.get("x", "")) for found in bars_of(tree))
        year = (charts.WIDTH - charts.LEFT - charts.RIGHT) / 3
        assert last - first == pytest.approx(2 * year, abs=0.2)
        assert [point.get("data-label") for point in of_class(tree, "point")] == ["2018", "2020"]

    def test_every_year_with_figures_can_be_read_by_itself(self) -> None:
        tree = bar_chart(bar(2020, ("sector-transport", 5), text="5 tonnes"))

        (point,) = of_class(tree, "point")
        assert (point.get("data-label"), point.get("data-value")) == ("2020", "5 tonnes")
        assert (point.get("role"), point.get("aria-label")) == ("img", "2020: 5 tonnes")
        assert len(of_class(tree, "point__hit")) == 1

    def test_a_chart_of_nothing_but_gaps_is_empty_and_whole(self) -> None:
        tree = bar_chart(Bar(2019, (), "2019", ""), Bar(2020, (), "2020", ""))

        assert (bars_of(tree), of_class(tree, "point")) == ([], [])

    def test_numbers_at_the_axis_are_counted_in_the_scale(self) -> None:
        with translation.override("sv"):
            tree = bar_chart(bar(2020, ("sector-transport", 80_000)), scale=Scale("tusen ton", 1_000))

        ticks = [element.text for element in of_class(tree, "chart__tick")]
        assert ticks == ["tusen ton", "0", "20", "40", "60", "80", "2020"]


class TestLines:
    def test_a_line_of_figures_is_lifted_over_a_gap(self) -> None:
        tree = line_chart(Line("chart__line", "Emissions", {2018: 5.0, 2019: 4.0, 2021: 3.0}, continuous=False))

        (path,) = of_class(tree, "chart__line")
        assert [command for command in path.get("d", "") if command.isalpha()] == ["M", "L", "M"]

    def test_a_computed_line_goes_on_through_years_that_are_left_out(self) -> None:
        tree = line_chart(Line("chart__path", "Needed", {2020: 5.0, 2030: 2.0, 2050: 0.1}))

        (path,) = of_class(tree, "chart__path")
        assert [command for command in path.get("d", "") if command.isalpha()] == ["M", "L", "L"]

    def test_every_value_is_a_point_with_its_line_its_year_and_its_words(self) -> None:
        with translation.override("sv"):
            tree = line_chart(Line("chart__line", "Utsläpp", {2018: 12_345.0, 2019: -4.0}, points=True), unit="ton")

        assert [
            (point.get("data-series"), point.get("data-label"), point.get("data-value"))
            for point in of_class(tree, "point")
        ] == [
            ("Utsläpp", "2018", "12\N{NO-BREAK SPACE}300 ton"),
            ("Utsläpp", "2019", "\N{MINUS SIGN}4,0 ton"),
        ]
        assert {point.get("aria-label", "").split(" ")[0] for point in of_class(tree, "point")} == {"Utsläpp"}

    def test_a_value_below_zero_lies_below_the_zero_line(self) -> None:
        tree = line_chart(Line("chart__line", "Emissions", {2018: 10.0, 2019: -10.0}, points=True))

        above, below = (float(dot.get("cy", "")) for dot in of_class(tree, "point__hit"))
        assert above < zero_line(tree) < below
        assert below <= charts.HEIGHT - charts.BOTTOM

    def test_names_of_lines_do_not_stand_on_each_other(self) -> None:
        years = {2020: 10.0, 2030: 9.0, 2040: 8.0}
        tree = line_chart(Line("a", "One", years), Line("b", "Another", years), Line("c", "A third", years))

        heights = sorted(float(label.get("y", "")) for label in of_class(tree, "chart__label"))
        assert all(later - earlier >= 25 for earlier, later in pairwise(heights))

    def test_a_single_year_is_a_point_within_the_frame(self) -> None:
        tree = line_chart(Line("chart__line", "Emissions", {2023: 7.0}, points=True))

        assert len(of_class(tree, "point")) == 1


class TestYears:
    def test_labels_keep_their_distance_and_the_last_year_is_always_there(self) -> None:
        tree = bar_chart(*(bar(year, ("sector-transport", 1)) for year in range(1990, 2025)))

        labels = [element for element in of_class(tree, "chart__tick") if (element.text or "").startswith(("19", "20"))]
        places = [float(label.get("x", "")) for label in labels]
        assert labels[-1].text == "2024"
        assert min(later - earlier for earlier, later in pairwise(places)) >= charts.APART_WIDE

    def test_those_without_room_on_a_phone_are_marked(self) -> None:
        tree = bar_chart(*(bar(year, ("sector-transport", 1)) for year in range(1990, 2025)))

        minor = of_class(tree, "chart__tick--minor")
        kept = [
            float(label.get("x", ""))
            for label in of_class(tree, "chart__tick")
            if label not in minor and label.get("text-anchor") == "middle"
        ]
        assert minor != []
        assert min(later - earlier for earlier, later in pairwise(kept)) >= charts.APART_NARROW


class TestMap:
    REGION = Region("M0 0l10 0 0 10z", "class-3", "Mariestad", "4.2 tonnes per person", "/sv/places/se/mariestad/")

    def draw(self, *regions: Region) -> ET.Element:
        return drawn(
            charts.choropleth(name="m", title="Map", description="Links", view_box="0 0 10 10", regions=regions)
        )

    def test_every_area_is_a_link_with_its_name_and_value(self) -> None:
        (area,) = of_class(self.draw(self.REGION), "area")

        assert (area.tag, area.get("href")) == ("a", "/sv/places/se/mariestad/")
        assert area.get("aria-label") == "Mariestad: 4.2 tonnes per person"
        assert "class-3" in area.get("class", "").split()

    def test_names_and_addresses_are_escaped(self) -> None:
        wicked = Region("M0 0z", "class-1", '"><script>', "<b>&", '/x/?a=1&b="')

        tree = self.draw(wicked)

        (area,) = of_class(tree, "area")
        assert (area.get("aria-label"), area.get("href")) == ('"><script>: <b>&', '/x/?a=1&b="')


def test_texts_of_charts_are_escaped() -> None:
    wicked = '</title><script>alert("&")</script>'
    bars = charts.stacked_bars(
        name="e",
        title=wicked,
        description=wicked,
        bars=[Bar(2020, (("sector-waste", 1.0),), wicked, wicked)],
        scale=Scale(wicked),
    )
    lines = charts.line_chart(
        name="p",
        title=wicked,
        description=wicked,
        lines=[Line("chart__line", wicked, {2020: 1.0}, points=True)],
        scale=Scale(wicked),
        unit=wicked,
    )

    for svg in (bars, lines):
        tree = drawn(svg)
        assert "<script" not in svg
        assert (tree.findtext("title"), tree.findtext("desc")) == (wicked, wicked)


def test_a_chart_is_named_and_described_to_a_screen_reader() -> None:
    tree = bar_chart(bar(2020, ("sector-transport", 5)))

    assert tree.get("aria-labelledby") == "e-title e-desc"
    assert [(child.tag, child.get("id"), child.text) for child in tree][:2] == [
        ("title", "e-title", "Emissions"),
        ("desc", "e-desc", "By year"),
    ]
