"""The `pathway` command on plain files."""

import argparse
import csv
import io
import json
import subprocess
import sys

import numpy as np
import openpyxl
import pytest

from samkraft.config.pathway_command import add_arguments, run

AREAS = """\
key,country,code,kind,parent,name,full_name,other_names,slug,lat,lon
SE,SE,SE,country,,Sverige,Sverige,,se,60,15
SE-18,SE,18,county,SE,Örebro,Örebro län,,orebro-lan,59,15
SE-14,SE,14,county,SE,Västra Götaland,Västra Götalands län,,vastra-gotalands-lan,58,13
SE-1860,SE,1860,municipality,SE-18,Laxå,Laxå kommun,,laxa,59,14
SE-1880,SE,1880,municipality,SE-18,Örebro,Örebro kommun,,orebro,59,15
SE-1493,SE,1493,municipality,SE-14,Mariestad,Mariestads kommun,,mariestad,58,13
NO,NO,NO,country,,Norge,Norge,,no,60,10
NO-1860,NO,1860,municipality,NO,Vestvågøy,Vestvågøy kommune,,vestvagoy,68,13
"""
BUDGET_HEADER = (
    "country,code,name,budget_tonnes,trend_slope,needed_cut_percent,historical_change_percent,net_zero_on,"
    "budget_runs_out_on"
)
LAW_HEADER = "country,code,name,trend_slope,trend_total,law_total,historical_change_percent,net_zero_on,meets_paris"
YEARS = range(2015, 2023)


@pytest.fixture
def areas(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREAS, encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path):
    """Carbon dioxide of three municipalities: falling, flat, and with cement."""
    book = openpyxl.Workbook()
    series = {
        ("Örebro län", "Laxå"): [100_000 - 5_000 * k for k in range(8)],
        ("Örebro län", "Örebro"): [100_000] * 8,
        ("Västra Götalands län", "Mariestad"): [350_000] * 8,
    }
    for row in (
        ["Rapportnamn:", "Länsrapport, 2024-04-18"],
        ["Emissioner av Koldioxid (CO2)"],
        ["Enhet: ton/år"],
        [],
        [None, None, None, None, *YEARS],
        ["Huvudsektor", "Undersektor", "Län", "Kommun", *["CO2"] * 8],
        *(["Alla", "Alla", *key, *values] for key, values in series.items()),
    ):
        book.active.append(row)
    book.save(tmp_path / "co2.xlsx")
    return tmp_path / "co2.xlsx"


@pytest.fixture
def cement(tmp_path):
    path = tmp_path / "cement.csv"
    lines = "".join(f"Mariestads kommun,{year},250000\n" for year in (1990, *YEARS))
    path.write_text("kommun,year,tonnes_co2\n" + lines, encoding="utf-8")
    return path


@pytest.fixture
def gases(tmp_path):
    path = tmp_path / "ghg.json"
    years = (2015, 2020, 2021, 2022, 2023, 2024)
    rows = {"Örebro": [1000 - 40 * (y - 2015) for y in years], "Laxå": [500 + y - 2015 for y in years]}
    path.write_text(
        json.dumps(
            [
                {
                    "name": name,
                    "sectors": {
                        str(y): {"Transporter": v / 4, "Jordbruk": v * 3 / 4}
                        for y, v in zip(years, values, strict=True)
                    },
                }
                for name, values in rows.items()
            ]
        ),
        encoding="utf-8",
    )
    return path


def command(*arguments):
    """Exit code, output and errors of the command."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out, err = io.StringIO(), io.StringIO()
    code = run(parser.parse_args([str(a) for a in arguments]), out, err)
    return code, out.getvalue(), err.getvalue()


def budget(export, areas, *more):
    return command("--method", "budget-2024", "--emissions", export, "--year", 2024, "--areas", areas, *more)


def law(gases, areas, *more):
    return command("--method", "carbon-law", "--emissions", gases, "--year", 2026, "--areas", areas, *more)


def rows_of(output):
    return list(csv.DictReader(io.StringIO(output)))


def test_budget_prints_each_municipality_by_code(export, areas, cement):
    # After the cement all three have 100,000 t in 2015. Laxå: 82,500 on average of 282,500.
    # Its line falls by 5,000 t a year from 100,000 and crosses zero 20 years after 2015.
    code, out, err = budget(export, areas, "--deductions", cement)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == BUDGET_HEADER
    rows = rows_of(out)
    assert [(r["country"], r["code"], r["name"]) for r in rows] == [
        ("SE", "1493", "Mariestad"),
        ("SE", "1860", "Laxå"),
        ("SE", "1880", "Örebro"),
    ]
    whole = 80e6 * 230 / 285
    shares = [100 / 282.5, 82.5 / 282.5, 100 / 282.5]
    assert [float(r["budget_tonnes"]) for r in rows] == pytest.approx([whole * s for s in shares], rel=1e-9)
    assert float(rows[1]["trend_slope"]) == pytest.approx(-5000)
    assert [r["net_zero_on"] for r in rows] == ["", "2035-01-01", ""]
    # 22 Mt at 100,000 t a year last for 228 years.
    assert rows[0]["budget_runs_out_on"] == ""


def test_numbers_are_printed_in_full_precision(export, areas):
    rows = rows_of(budget(export, areas)[1])
    assert all(repr(float(r["budget_tonnes"])) == r["budget_tonnes"] for r in rows)
    assert sum(float(r["budget_tonnes"]) for r in rows) == pytest.approx(80e6 * 230 / 285, rel=1e-12)


def test_carbon_law_prints_totals_and_verdict(gases, areas):
    # Örebro: the case computed by hand for the engine, 560 t in 2026; Laxå rises by 1 t a year and never ends.
    code, out, err = law(gases, areas)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == LAW_HEADER
    laxa, orebro = rows_of(out)
    assert (laxa["code"], laxa["net_zero_on"], laxa["meets_paris"]) == ("1860", "", "false")
    assert float(orebro["trend_slope"]) == pytest.approx(-40)
    assert float(orebro["trend_total"]) == pytest.approx(4200)
    assert float(orebro["law_total"]) == pytest.approx(560 * (1 - 0.8828**25) / 0.1172)
    assert float(orebro["historical_change_percent"]) == pytest.approx(100 * (0.64 ** (1 / 9) - 1))
    assert (orebro["net_zero_on"], orebro["meets_paris"]) == ("2040-01-01", "true")


def test_totals_by_county_and_country(export, areas, cement):
    counties = rows_of(budget(export, areas, "--deductions", cement, "--by", "county")[1])
    assert [(r["code"], r["name"]) for r in counties] == [
        ("14", "Västra Götalands län"),
        ("18", "Örebro län"),
    ]
    assert float(counties[1]["trend_slope"]) == pytest.approx(-5000)
    (country,) = rows_of(budget(export, areas, "--deductions", cement, "--by", "country")[1])
    assert (country["country"], country["code"], country["name"]) == ("SE", "SE", "Sverige")
    assert float(country["budget_tonnes"]) == pytest.approx(80e6 * 230 / 285)


def test_carbon_law_totals_by_country(gases, areas):
    (country,) = rows_of(law(gases, areas, "--by", "country")[1])
    assert float(country["trend_slope"]) == pytest.approx(-39)


def test_notes_tell_what_was_done(export, areas, cement):
    _, _, err = budget(export, areas, "--deductions", cement, "--notes")
    years = ", ".join(map(str, YEARS))
    assert err == f"SE-1493 Mariestad: deduction ({years}): 2000000.000 t\n"


def test_gas_that_the_method_does_not_take_is_refused(export, gases, areas):
    assert budget(gases, areas) == (
        2,
        "",
        "ghg.json: the method budget-2024 needs emissions of carbon dioxide, found greenhouse gases.\n",
    )
    assert law(export, areas) == (
        2,
        "",
        "co2.xlsx: the method carbon-law needs emissions of greenhouse gases, found carbon dioxide.\n",
    )


def test_deductions_that_do_not_fit_are_refused(export, gases, areas, cement):
    assert law(gases, areas, "--deductions", cement)[::2] == (2, "The method carbon-law takes no deductions.\n")
    cement.write_text("kommun,year,tonnes_co2\nVestvågøy,2015,1\n", encoding="utf-8")
    assert budget(export, areas, "--deductions", cement)[::2] == (
        2,
        "cement.csv, row 2, column “kommun”: expected a known municipality, found “Vestvågøy”.\n",
    )


def test_unknown_municipality_is_refused_with_its_place(gases, areas):
    gases.write_text('[{"name": "Laxåå", "sectors": {"2015": {"Jordbruk": 1}}}]', encoding="utf-8")
    assert law(gases, areas)[::2] == (
        2,
        "ghg.json, row 1, column “name”: expected a known municipality, found “Laxåå” (nearest: “Laxå”).\n",
    )


def test_municipality_named_twice_is_refused(gases, areas):
    entries = [{"name": name, "sectors": {"2015": {"Jordbruk": 1}}} for name in ("Laxå", "Laxå kommun")]
    gases.write_text(json.dumps(entries), encoding="utf-8")
    assert law(gases, areas)[::2] == (
        2,
        "ghg.json, row 2, column “name”: expected each area once, found “Laxå kommun” again.\n",
    )


def test_year_before_the_figures_is_refused(gases, areas):
    code, out, err = command("--method", "carbon-law", "--emissions", gases, "--year", 2019, "--areas", areas)
    sentence = "The current year must lie between 2024, the last year with figures, and 2050."
    assert (code, out, err) == (2, "", f"ghg.json: {sentence}\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.json", None, "x.json: the file cannot be read (No such file or directory).\n"),
        ("x.xlsx", "x", "x.xlsx: expected an Excel file (.xlsx or .xls), found something else.\n"),
        ("x.txt", "x", "x.txt: expected a file ending in .xlsx, .xls, .json or .csv.\n"),
        (
            "x.json",
            '[{"name": "Laxå", "sectors": {"2000": {"Jordbruk": 1}}}]',
            "x.json: There are no figures from 2015 onwards.\n",
        ),
    ],
)
def test_wrong_file_is_one_sentence_and_exit_code_two(tmp_path, areas, name, content, sentence):
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert law(path, areas) == (2, "", sentence)


def test_command_needs_no_settings(gases, areas):
    script = (
        "import argparse, sys; from samkraft.config.pathway_command import add_arguments, run;"
        "parser = argparse.ArgumentParser(); add_arguments(parser);"
        "code = run(parser.parse_args(), sys.stdout, sys.stderr);"
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    options = ["--method", "carbon-law", "--emissions", gases, "--year", "2026", "--areas", areas]
    done = subprocess.run([sys.executable, "-c", script, *options], capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stderr) == (0, "")


def test_counties_own_file_gives_their_published_totals(shared_data):
    file = shared_data / "se" / "ghg_sector_region_1990-2024.json"
    code, out, err = command("--method", "carbon-law", "--emissions", file, "--year", 2026)
    assert (code, err, len(rows_of(out))) == (0, "", 21)
    assert [(row["code"], row["name"]) for row in rows_of(out)][:2] == [
        ("01", "Stockholms län"),
        ("03", "Uppsala län"),
    ]


def test_file_of_a_country_is_not_divided_into_counties(shared_data):
    file = shared_data / "se" / "ghg_sector_national_1990-2024.json"
    code, out, err = command("--method", "carbon-law", "--emissions", file, "--year", 2026)
    assert (code, err, [row["code"] for row in rows_of(out)]) == (0, "", ["SE"])
    refused = command("--method", "carbon-law", "--emissions", file, "--year", 2026, "--by", "county")
    sentence = f"{file.name}: expected totals to sum by county, found those of a country.\n"
    assert refused == (2, "", sentence)


def test_all_municipalities_by_carbon_budget(shared_data):
    options = ["--emissions", shared_data / "se/smhi_co2_lansrapport_2024-04-18.xlsx", "--year", 2024]
    deductions = ["--deductions", shared_data / "se/cement_deduction_tonnes.csv"]
    code, out, err = command("--method", "budget-2024", *options, *deductions)
    assert (code, err) == (0, "")
    rows = rows_of(out)
    assert len(rows) == 290
    assert sum(float(r["budget_tonnes"]) for r in rows) == pytest.approx(80e6 * 230 / 285, rel=1e-12)
    (country,) = rows_of(command("--method", "budget-2024", *options, *deductions, "--by", "country")[1])
    slopes = sum(float(r["trend_slope"]) for r in rows)
    assert float(country["trend_slope"]) == pytest.approx(slopes, rel=1e-9)
    assert len(rows_of(command("--method", "budget-2024", *options, *deductions, "--by", "county")[1])) == 21


def test_all_municipalities_by_carbon_law(shared_data):
    path = shared_data / "se/ghg_sector_1990-2024.json"
    code, out, err = command("--method", "carbon-law", "--emissions", path, "--year", 2026, "--notes")
    assert (code, err) == (0, "")
    rows = rows_of(out)
    assert len(rows) == 290
    for row in rows:
        # The anchored line alone gives total and date back: e(y) = e0 + s (y - 2026), floored at zero.
        start = float(row["law_total"]) * 0.1172 / (1 - 0.8828**25)
        line = start + float(row["trend_slope"]) * np.arange(25)
        assert float(row["trend_total"]) == pytest.approx(np.maximum(line, 0).sum(), rel=1e-9)
        assert row["meets_paris"] == str(float(row["trend_total"]) <= float(row["law_total"])).lower()


@pytest.mark.parametrize(
    ("name", "country", "count"),
    [
        ("dk/klimaregnskab_by_kommune_2018-2023.json", "DK", 98),
        ("no/mdir_klimagassutslipp_telemark_2009-2024.csv", "NO", 17),
    ],
)
def test_neighbouring_countries_by_carbon_law(shared_data, name, country, count):
    code, out, err = command("--method", "carbon-law", "--emissions", shared_data / name, "--year", 2026)
    rows = rows_of(out)
    assert (code, err, len(rows)) == (0, "", count)
    assert {r["country"] for r in rows} == {country}
    assert all(r["trend_slope"] for r in rows)
