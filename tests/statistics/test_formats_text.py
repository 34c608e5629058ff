"""Readers of JSON and CSV files, and matching of names."""

import json

import pytest

from samkraft.statistics.formats import (
    Candidate,
    EmissionRow,
    FormatError,
    NameNotMatched,
    match_municipality,
    read_deductions,
    read_energistyrelsen,
    read_ghg_json,
    read_miljodirektoratet,
)


def refusal(read, path):
    with pytest.raises(FormatError) as caught:
        read(path)
    return str(caught.value)


def written(path, content):
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


# Sector JSON.

LAXA = {
    "name": "Laxå",
    "sectors": {
        "2015": {"Transporter": 1.5, "Jordbruk": -0.5},
        "2020": {"Transporter": 2, "Jordbruk": None},
        "2021": {"Transporter": 3},
    },
}


def test_ghg_total_is_the_sum_and_missing_where_a_sector_is(tmp_path):
    table = read_ghg_json(written(tmp_path / "ghg.json", [LAXA]))
    assert (table.country, table.gas_set, table.years) == ("SE", "ghg", (2015, 2020, 2021))
    assert table.rows == [
        EmissionRow("Laxå", None, None, "municipality", "", "", (1.0, None, None), 1),
        EmissionRow("Laxå", None, None, "municipality", "agriculture", "", (-0.5, None, None), 1),
        EmissionRow("Laxå", None, None, "municipality", "transport", "", (1.5, 2.0, 3.0), 1),
    ]


def test_ghg_year_that_one_area_lacks_is_missing_for_it(tmp_path):
    other = {"name": "Örebro län", "sectors": {"2015": {"Transporter": 1, "Jordbruk": 1}}}
    table = read_ghg_json(written(tmp_path / "ghg.json", [LAXA, other]))
    assert [row.values for row in table.totals("county")] == [(2.0, None, None)]


def test_ghg_knows_counties_and_the_country_by_name(tmp_path):
    names = ["Laxå", "Örebro län", "Sverige"]
    entries = [{"name": name, "sectors": {"2015": {"Transporter": 1}}} for name in names]
    table = read_ghg_json(written(tmp_path / "ghg.json", entries))
    assert [row.level for row in table.rows if not row.sector] == ["municipality", "county", "country"]


def entry(year="2015", sector="Transporter", value=1.0, **other):
    return {"name": "Laxå", "sectors": {year: {sector: value}}, **other}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([entry(value="12")], 'row 1, column “2015/Transporter”: expected a number or null, found “"12"”.'),
        ([entry(value=True)], "row 1, column “2015/Transporter”: expected a number or null, found “true”."),
        ([entry(year="tjugo")], "row 1, column “sectors”: expected a year, found “tjugo”."),
        (
            [entry(sector="Transport")],
            "row 1, column “2015/Transport”: expected a known sector, found “Transport” (nearest: “Transporter”).",
        ),
        ([entry(), entry()], "row 2: expected each area once, found “Laxå” again."),
        (
            [{"name": "Laxå"}],
            "row 1, column “sectors”: expected an area with “name” and “sectors”, “sectors” is missing or wrong.",
        ),
        (
            [entry(name=3)],
            "row 1, column “name”: expected an area with “name” and “sectors”, “name” is missing or wrong.",
        ),
        (
            [{"name": "Laxå", "sectors": {"2015": 5}}],
            "row 1, column “2015”: expected figures by sector.",
        ),
    ],
)
def test_ghg_names_the_entry_that_is_wrong(tmp_path, content, sentence):
    assert refusal(read_ghg_json, written(tmp_path / "ghg.json", content)) == f"ghg.json, {sentence}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{}", "ghg.json: expected a list of areas."),
        ("[]", "ghg.json: expected a list of areas."),
        (
            '[{"name": "Laxå", "sectors": {"2015": {"Transporter": NaN}}}]',
            "ghg.json: expected a number, found “NaN”.",
        ),
        (
            '[{"name": "Laxå", "sectors": {"2015": {"Transporter": 1e999}}}]',
            "ghg.json, row 1, column “2015/Transporter”: expected a number or null, found “Infinity”.",
        ),
        (
            '[{"name": "Laxå", "sectors": {"2015": {"Jordbruk": 1, "Jordbruk": 2}}}]',
            "ghg.json: expected each key once in an object, found “Jordbruk” twice.",
        ),
        ("[" * 100_000, "ghg.json: expected JSON of tables and numbers of ordinary size."),
        ("[\0]", "ghg.json: expected text, found a zero byte."),
    ],
)
def test_ghg_refuses_what_is_no_table(tmp_path, content, sentence):
    assert refusal(read_ghg_json, written(tmp_path / "ghg.json", content)) == sentence


def test_truncated_json_is_refused_with_its_line(tmp_path):
    whole = json.dumps([LAXA], indent=1)
    sentence = refusal(read_ghg_json, written(tmp_path / "ghg.json", whole[: len(whole) // 2]))
    assert sentence.startswith("ghg.json, row ")
    assert "expected complete JSON, but it breaks off or is wrong here" in sentence


def test_text_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "ghg.json"
    path.write_bytes('[{"name": "Laxå"}]'.encode("latin-1"))
    assert refusal(read_ghg_json, path) == "ghg.json: expected text in UTF-8, found byte 0xe5 after 14 bytes."
    path.write_bytes(b"PK\x03\x04")
    assert refusal(read_ghg_json, path) == "ghg.json: expected a text file, found an Excel file or an archive."


# Danish accounts.


def danish(**changes):
    municipality = {
        "kommuneKode": "0825",
        "kommuneNavn": "Læsø",
        "years": [2018, 2019],
        "samletUdledning": [10.0, None],
        "sektorer": {"landbrug": [-2.5, 1], "energi": [12.5, None]},
        **changes,
    }
    return {"fetchedAt": "2026-05-18T07:24:39.762453+00:00", "kommuner": [municipality]}


def test_danish_accounts_keep_published_totals_and_negative_sectors(tmp_path):
    table = read_energistyrelsen(written(tmp_path / "dk.json", danish()))
    assert (table.country, table.gas_set, table.years) == ("DK", "ghg", (2018, 2019))
    assert str(table.report_date) == "2026-05-18"
    assert table.rows == [
        EmissionRow("Læsø", "0825", None, "municipality", "", "", (10.0, None), 1),
        EmissionRow("Læsø", "0825", None, "municipality", "agriculture", "", (-2.5, 1.0), 1),
        EmissionRow("Læsø", "0825", None, "municipality", "energy_supply", "", (12.5, None), 1),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kommuneKode": 825}, "column “kommuneKode”: expected a code of four digits as text, found “825”."),
        ({"kommuneNavn": ""}, "column “kommuneNavn”: expected a name, found nothing."),
        ({"years": [2019, 2018]}, "column “years”: expected ascending years."),
        (
            {"samletUdledning": [1]},
            "column “samletUdledning”: expected a list of 2 figures, one for each year.",
        ),
        (
            {"samletUdledning": [1, "2"]},
            'column “samletUdledning”: expected a number or null, found “"2"”.',
        ),
        ({"sektorer": {}}, "column “sektorer”: expected figures by sector."),
        (
            {"sektorer": {"landbruk": [1, 2]}},
            "column “sektorer”: expected a known sector, found “landbruk” (nearest: “landbrug”).",
        ),
    ],
)
def test_danish_accounts_name_what_is_wrong(tmp_path, changes, sentence):
    path = written(tmp_path / "dk.json", danish(**changes))
    assert refusal(read_energistyrelsen, path) == f"dk.json, row 1, {sentence}"


def test_danish_accounts_refuse_repeats_and_unequal_years(tmp_path):
    twice = danish()
    twice["kommuner"] *= 2
    assert refusal(read_energistyrelsen, written(tmp_path / "dk.json", twice)) == (
        "dk.json, row 2: expected each code once, found 0825 again."
    )
    unequal = danish()
    unequal["kommuner"].append({**unequal["kommuner"][0], "kommuneKode": "0826", "years": [2018, 2020]})
    assert refusal(read_energistyrelsen, written(tmp_path / "dk.json", unequal)) == (
        "dk.json, row 2, column “years”: expected the same years for all municipalities."
    )
    assert refusal(read_energistyrelsen, written(tmp_path / "dk.json", [])) == (
        "dk.json, column “kommuner”: expected an object with a list “kommuner”."
    )


# Norwegian CSV.

NORWEGIAN = """\
Kommune,År,Sektor,Utslippskilde,Utslipp
Nome,2009,Jordbruk,Jordbruksarealer  ,1.25
Nome,2009,Jordbruk,Jordbruksarealer  ,2.5
Nome,2009,Veitrafikk,Busser,4
Nome,2011,Jordbruk,Jordbruksarealer,0
Nome,2013,Jordbruk,Jordbruksarealer,
Nome,2013,Veitrafikk,Busser,1
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_norwegian_lines_of_the_same_source_are_added_up(tmp_path, mark):
    table = read_miljodirektoratet(written(tmp_path / "no.csv", mark + NORWEGIAN))
    assert (table.country, table.gas_set, table.years) == ("NO", "ghg", (2009, 2011, 2013))
    assert table.rows == [
        EmissionRow("Nome", None, None, "municipality", "", "", (7.75, None, None), 2),
        EmissionRow("Nome", None, None, "municipality", "agriculture", "", (3.75, 0.0, None), 2),
        EmissionRow("Nome", None, None, "municipality", "road_transport", "", (4.0, None, 1.0), 2),
        EmissionRow("Nome", None, None, "municipality", "agriculture", "Jordbruksarealer", (3.75, 0.0, None), 2),
        EmissionRow("Nome", None, None, "municipality", "road_transport", "Busser", (4.0, None, 1.0), 2),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("1.25", "1,25", "row 2: expected 5 fields, found 6."),
        ("1.25", '"1,25"', "row 2, column “Utslipp”: expected a number with a decimal point, found “1,25”."),
        ("1.25", "nan", "row 2, column “Utslipp”: expected a number with a decimal point, found “nan”."),
        ("1.25", "inf", "row 2, column “Utslipp”: expected a number with a decimal point, found “inf”."),
        ("1.25", "1e999", "row 2, column “Utslipp”: expected a number with a decimal point, found “1e999”."),
        ("Nome,2009,V", ",2009,V", "row 4, column “Kommune”: expected a name, found nothing."),
        ("2011", "20ll", "row 5, column “År”: expected a year, found “20ll”."),
        (
            "Veitrafikk",
            "Vegtrafikk",
            "row 4, column “Sektor”: expected a known sector, found “Vegtrafikk” (nearest: “Veitrafikk”).",
        ),
        (
            ",Utslipp\n",
            ",Verdi\n",
            "row 1, column “Utslipp”: expected a column “Utslipp”, found Kommune, År, Sektor, Utslippskilde, Verdi.",
        ),
        (
            "Kommune,",
            "År,",
            "row 1, column “Kommune”: expected a column “Kommune”, found År, År, Sektor, Utslippskilde, Utslipp.",
        ),
        ("Busser,1\n", "Bus", "row 7: expected 5 fields, found 4."),
    ],
)
def test_norwegian_file_names_what_is_wrong(tmp_path, old, new, sentence):
    path = written(tmp_path / "no.csv", NORWEGIAN.replace(old, new))
    assert refusal(read_miljodirektoratet, path) == f"no.csv, {sentence}"


def test_csv_without_lines_is_refused(tmp_path):
    path = written(tmp_path / "no.csv", NORWEGIAN.splitlines()[0])
    assert refusal(read_miljodirektoratet, path) == (
        "no.csv, row 2: expected lines of emissions below the header, found none."
    )
    broken = written(tmp_path / "no.csv", NORWEGIAN + 'Nome,"2015')
    assert "row 8: expected comma-separated text" in refusal(read_miljodirektoratet, broken)


# Deductions.


def test_deductions_are_read_with_their_lines(tmp_path):
    path = written(tmp_path / "d.csv", "kommun,year,tonnes_co2\nSkövde,2015,358634.0\nSkövde,2016,0\n")
    assert [(r.municipality, r.year, r.tonnes, r.source_row) for r in read_deductions(path).rows] == [
        ("Skövde", 2015, 358634.0, 2),
        ("Skövde", 2016, 0.0, 3),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Skövde,2015,", "column “tonnes_co2”: expected a number of tonnes, zero or more, found nothing."),
        ("Skövde,2015,-1", "column “tonnes_co2”: expected a number of tonnes, zero or more, found “-1”."),
        ("Skövde,2016,1", "column “year”: expected each year once, found 2016 of “Skövde” again."),
    ],
)
def test_deductions_name_what_is_wrong(tmp_path, line, sentence):
    path = written(tmp_path / "d.csv", f"kommun,year,tonnes_co2\nSkövde,2016,1\n{line}\n")
    assert refusal(read_deductions, path) == f"d.csv, row 3, {sentence}"


# Names.

CANDIDATES = [
    Candidate("SE-1493", "Mariestad", "Västra Götalands län"),
    Candidate("SE-1490", "Borås", "Västra Götalands län"),
    Candidate("SE-0980", "Gotland", "Gotlands län"),
    Candidate("NO-3114", "Våler", "Østfold fylke"),
    Candidate("NO-3419", "Våler", "Innlandet fylke"),
    Candidate("NO-5610", "Karasjok", "Finnmark", ("Kárášjohka",)),
    Candidate("DK-0101", "København", "Region Hovedstaden"),
]


@pytest.mark.parametrize(
    ("name", "county", "key"),
    [
        ("Mariestad", None, "SE-1493"),
        ("  mariestads  kommun ", None, "SE-1493"),
        ("Mariestads kommun", "Västra Götaland", "SE-1493"),
        ("Borås stad", None, "SE-1490"),
        ("Region Gotland", None, "SE-0980"),
        ("Gotlands kommun", None, "SE-0980"),
        ("Va\u030aler kommune", "Østfold", "NO-3114"),
        ("Våler", "Innlandet fylke", "NO-3419"),
        ("Kárášjohka", None, "NO-5610"),
        ("Københavns Kommune", None, "DK-0101"),
    ],
)
def test_names_match_whatever_their_ending(name, county, key):
    assert match_municipality(name, county, CANDIDATES).key == key


@pytest.mark.parametrize(
    ("name", "county", "sentence"),
    [
        ("Våler", None, "expected the county of “Våler”, which lies in Innlandet fylke and Østfold fylke"),
        ("Mariested", None, "expected a known municipality, found “Mariested” (nearest: “Mariestad”)"),
        ("Xyz", None, "expected a known municipality, found “Xyz”"),
        (
            "Mariestad",
            "Örebro län",
            "expected a known municipality, found “Mariestad” (nearest: “Mariestad”)",
        ),
    ],
)
def test_names_that_match_none_or_several_say_so(name, county, sentence):
    with pytest.raises(NameNotMatched) as caught:
        match_municipality(name, county, CANDIDATES)
    assert str(caught.value) == sentence
