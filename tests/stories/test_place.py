"""A resident finds their municipality, reads its chart, and compares it."""

from collections.abc import Callable

from playwright.sync_api import expect

from .conftest import Reader


def test_resident_finds_mariestad_by_typing(reader: Reader) -> None:
    reader.open("")
    reader.sees_no_barrier("front")
    field = reader.page.locator("#front-search")
    field.type("marie", delay=30)
    options = reader.page.locator("[role=option]")
    expect(options.first).to_contain_text("Mariestad")
    field.press("ArrowDown")
    field.press("Enter")
    reader.page.wait_for_url("**/places/se/mariestad/")
    assert reader.heading() == "Mariestad"
    reader.sees_no_barrier("municipality")


def test_postcode_leads_straight_to_its_municipality(reader: Reader) -> None:
    reader.open("")
    reader.page.fill("#front-search", "542 30")
    reader.page.press("#front-search", "Enter")
    reader.page.wait_for_url("**/places/se/mariestad/")


def test_chart_is_read_by_keyboard(reader: Reader) -> None:
    reader.open("places/se/mariestad/")
    chart = reader.page.locator("figure[data-chart]").first
    last = chart.locator(".point[tabindex='0']")
    expect(last).to_have_attribute("data-label", "2024")
    last.focus()
    reader.page.keyboard.press("ArrowLeft")
    focused = reader.page.locator(":focus")
    expect(focused).to_have_attribute("data-label", "2023")
    expect(chart.locator(".chart__tip")).to_contain_text("2023")
    reader.page.keyboard.press("Home")
    expect(reader.page.locator(":focus")).to_have_attribute("data-label", "1990")
    label = reader.page.locator(":focus").get_attribute("aria-label") or ""
    assert label.startswith("1990: ")


def test_chart_is_read_by_pointing_or_tapping(reader: Reader) -> None:
    reader.open("places/se/mariestad/")
    bars, *pathways = reader.page.locator("figure[data-chart]").all()
    bars.locator(".point[data-label='2015']").hover()
    expect(bars.locator(".chart__tip")).to_contain_text("2015")
    for chart in pathways:
        last = chart.locator(".point").last
        last.click()
        expect(chart.locator(".chart__tip")).to_contain_text(last.get_attribute("data-value") or "missing")


def test_chart_can_be_read_as_a_table(reader: Reader) -> None:
    reader.open("places/se/mariestad/")
    details = reader.page.locator(".state details").first
    details.locator("summary").click()
    table = details.locator("table")
    expect(table.locator("thead th").last).to_have_text("2024")
    expect(table).to_be_visible()
    reader.sees_no_barrier("municipality-table")


def test_municipality_is_compared_with_a_similar_one(reader: Reader) -> None:
    reader.open("places/se/mariestad/")
    similar = reader.page.locator("a[href*='/compare/?with=']").first
    name = similar.inner_text()
    similar.click()
    reader.page.wait_for_url("**/compare/?with=*")
    assert "Mariestad" in reader.heading()
    assert name in reader.heading()
    expect(reader.page.locator("table thead th").nth(1)).to_have_text("Mariestad")
    reader.sees_no_barrier("comparison")


def test_map_can_be_skipped_and_shows_another_measure(reader: Reader) -> None:
    reader.open("places/se/")
    skip = reader.page.locator(".map-skip")
    skip.focus()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#map-table")
    reader.page.locator(".switch a").nth(1).click()
    reader.page.wait_for_url("**measure=change**")
    expect(reader.page.locator(".switch a[aria-current]")).to_have_count(1)
    reader.sees_no_barrier("country-change")


def test_table_of_municipalities_is_sorted_by_a_column(reader: Reader) -> None:
    reader.open("places/se/vastra-gotalands-lan/")
    reader.page.locator("#map-table summary").click()
    table = reader.page.locator("#map-table table")
    if reader.screen == "desktop":
        table.locator("thead th button").nth(1).click()
        values = table.locator("tbody tr td:nth-of-type(1)").evaluate_all("cells => cells.map(c => +c.dataset.value)")
        assert values in (sorted(values), sorted(values, reverse=True))
    expect(table.locator("tbody tr")).to_have_count(49)
    reader.sees_no_barrier("county-table")


def test_everything_works_without_scripts(open_reader: Callable[..., Reader]) -> None:
    reader = open_reader("sv", "desktop", scripts=False)
    reader.open("")
    reader.page.fill("#front-search", "mariestad")
    reader.page.locator("#front-search").press("Enter")
    reader.page.locator("main a", has_text="Mariestads kommun").click()
    reader.page.wait_for_url("**/places/se/mariestad/")
    assert reader.heading() == "Mariestad"


def test_language_is_switched_on_the_same_page(open_reader: Callable[..., Reader]) -> None:
    reader = open_reader("sv", "desktop")
    reader.open("places/se/mariestad/")
    reader.page.locator("footer a[lang=da]").click()
    reader.page.wait_for_url("**/da/places/se/mariestad/")
    assert reader.page.locator("html").get_attribute("lang") == "da"
