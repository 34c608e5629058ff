"""The readers on the publishers' real files, which lie beside the checkout (shared/data) and not in it."""

import pytest

from samkraft.statistics.formats import (
    read_deductions,
    read_energistyrelsen,
    read_ghg_json,
    read_miljodirektoratet,
    read_scb_codes,
    read_scb_population,
    read_smhi_xlsx,
)


def levels(table):
    return {level: len(table.totals(level)) for level in ("municipality", "county", "country")}


def test_smhi_release_of_april_2024(shared_data):
    table = read_smhi_xlsx(shared_data / "se/smhi_co2_lansrapport_2024-04-18.xlsx")
    assert (table.gas_set, str(table.report_date), table.source.sheet) == ("co2", "2024-04-18", "Koldioxid (CO2)")
    assert table.years == (1990, 2000, 2005, 2010, *range(2015, 2023))
    assert len(table.rows) == 19_344
    assert levels(table) == {"municipality": 290, "county": 21, "country": 1}
    assert len({row.sector for row in table.rows}) == 10
    assert table.totals("country")[0].values[-1] == 36028462.9874379
    # The sheet's nine sectors add up to its own totals.
    sectors = [r for r in table.rows if r.level == "county" and r.sector and not r.subsector]
    assert len(sectors) == 9 * 21
    for total in table.totals("county"):
        parts = [row.values[-1] for row in sectors if row.area_name == total.area_name]
        assert sum(parts) == pytest.approx(total.values[-1], abs=1e-5)


@pytest.mark.parametrize(
    ("name", "years", "count"),
    [
        ("1990-2023_annual", (1990, 2000, 2005, 2010, *range(2015, 2024)), {"municipality": 290}),
        ("1990-2024", (1990, 2000, 2005, 2010, 2015, *range(2020, 2025)), {"municipality": 290}),
        ("region_1990-2024", (1990, 2000, 2005, 2010, 2015, *range(2020, 2025)), {"county": 21}),
        ("national_1990-2024", (1990, 2000, 2005, 2010, 2015, *range(2020, 2025)), {"country": 1}),
    ],
)
def test_greenhouse_gas_releases(shared_data, name, years, count):
    table = read_ghg_json(shared_data / f"se/ghg_sector_{name}.json")
    assert table.years == years
    assert levels(table) == {"municipality": 0, "county": 0, "country": 0} | count
    assert not [row for row in table.rows if None in row.values]


def test_municipalities_of_a_county_add_up_to_it(shared_data):
    gotland = next(
        row
        for row in read_ghg_json(shared_data / "se/ghg_sector_1990-2024.json").totals("municipality")
        if row.area_name == "Gotland"
    )
    county = next(
        row
        for row in read_ghg_json(shared_data / "se/ghg_sector_region_1990-2024.json").totals("county")
        if row.area_name == "Gotlands län"
    )
    assert gotland.values == pytest.approx(county.values, abs=0.05)


def test_danish_accounts_with_their_negative_figures(shared_data):
    table = read_energistyrelsen(shared_data / "dk/klimaregnskab_by_kommune_2018-2023.json")
    assert table.years == tuple(range(2018, 2024))
    assert levels(table) == {"municipality": 98, "county": 0, "country": 0}
    assert min(value for row in table.rows for value in row.values) == -20900.7


def test_norwegian_figures_of_telemark(shared_data):
    table = read_miljodirektoratet(shared_data / "no/mdir_klimagassutslipp_telemark_2009-2024.csv")
    assert table.years == (2009, 2011, 2013, *range(2015, 2025))
    assert levels(table) == {"municipality": 17, "county": 0, "country": 0}
    assert len({row.sector for row in table.rows}) == 11
    # Sources without a line in 2023 and 2024 leave most totals of those years missing, not smaller.
    known = [sum(row.values[k] is not None for row in table.totals("municipality")) for k in (10, 11, 12)]
    assert known == [17, 2, 1]


def test_codes_and_inhabitants_of_sweden(shared_data):
    codes = read_scb_codes(shared_data / "se/scb_kommunlankod_2023.xls")
    assert [sum(row.level == level for row in codes.rows) for level in ("county", "municipality")] == [21, 290]
    people = read_scb_population(shared_data / "se/scb_folkmangd_2025M12.xlsx")
    assert (people.year, people.month, len(people.rows)) == (2025, 12, 290)
    assert sum(row.persons for row in people.rows) == 10_605_520
    assert {row.code for row in people.rows} == {r.code for r in codes.rows if r.level == "municipality"}


def test_cement_deductions(shared_data):
    rows = read_deductions(shared_data / "se/cement_deduction_tonnes.csv").rows
    assert {row.municipality for row in rows} == {"Gotland", "Mörbylånga", "Skövde"}
    assert len(rows) == 27
