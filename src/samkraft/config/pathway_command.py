"""`samkraft pathway`: the pathway methods on plain files, without a database.

Both methods print CSV on standard output, numbers in full precision, an empty field where there is nothing to
say ("never", or an area without enough figures). `--notes` tells on standard error what was done.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TextIO

import numpy as np

from samkraft.engines.pathways import (
    BudgetReport,
    CarbonLawReport,
    Emissions,
    FloatArray,
    IntArray,
    Note,
    budget_2024,
    budget_2024_by_group,
    carbon_law,
    decimal_year_to_date,
    emissions_of,
    group_totals,
)
from samkraft.statistics.formats import (
    Candidate,
    DeductionTable,
    EmissionRow,
    EmissionTable,
    FormatError,
    NameNotMatched,
    match_municipality,
    read_deductions,
    read_energistyrelsen,
    read_ghg_json,
    read_miljodirektoratet,
    read_smhi_xlsx,
)
from samkraft.statistics.formats.errors import shown
from samkraft.statistics.formats.tables import Level

METHODS = {"budget-2024": "co2", "carbon-law": "ghg"}
LEVELS: tuple[Level, ...] = ("municipality", "county", "country")
GAS_NAMES = {"co2": "carbon dioxide", "ghg": "greenhouse gases"}
BUDGET_COLUMNS = (
    "country,code,name,budget_tonnes,trend_slope,needed_cut_percent,historical_change_percent,net_zero_on,"
    "budget_runs_out_on"
)
LAW_COLUMNS = "country,code,name,trend_slope,trend_total,law_total,historical_change_percent,net_zero_on,meets_paris"


class CommandError(Exception):
    """Something in the command line does not fit; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Area:
    """A line of the table of areas."""

    key: str
    country: str
    code: str
    kind: str
    parent: str
    name: str
    full_name: str
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one printed row stands for: a municipality, or the sum of those in a county or a country."""

    country: str
    code: str
    name: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--method", required=True, choices=sorted(METHODS))
    parser.add_argument("--emissions", required=True, type=Path, help="a publisher's file of emissions")
    parser.add_argument("--deductions", type=Path, help="CSV of tonnes to subtract: kommun,year,tonnes_co2")
    parser.add_argument("--year", required=True, type=int, help="the year counted as the current one")
    parser.add_argument("--by", choices=("municipality", "county", "country"), default="municipality")
    parser.add_argument("--notes", action="store_true", help="say what was done with unusual series")
    parser.add_argument("--areas", type=Path, help="another table of areas than the built-in one")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print the table; 0, or 2 with one sentence on `err` when a file or an option is wrong."""
    try:
        table = _read_emissions(args.emissions)
        _check_fit(args, table)
        areas = _read_areas(args.areas)
        level = _level(args, table)
        rows = table.totals(level)
        matched = _matched(table, rows, areas, level)
        emissions = emissions_of(table.years, [row.values for row in rows])
        by = level if args.by == "municipality" else args.by
        groups, members = _groups(by, level, rows, matched, areas)
        if args.method == "budget-2024":
            deductions = _deductions(args.deductions, rows, table.years, matched, areas)
            budget = _budget(args, emissions, deductions, members, len(groups))
            columns, lines, notes = BUDGET_COLUMNS, _budget_lines(budget), budget.notes
        else:
            totals = emissions if by == level else group_totals(emissions, members, len(groups))
            law = carbon_law(totals, current_year=args.year)
            columns, lines, notes = LAW_COLUMNS, _law_lines(law), law.notes
    except (FormatError, CommandError) as error:
        err.write(f"{error}\n")
        return 2
    except ValueError as error:
        err.write(f"{args.emissions.name}: {error}\n")
        return 2
    _print(out, columns, groups, lines)
    if args.notes:
        _print_notes(err, groups, notes)
    return 0


def _read_emissions(path: Path) -> EmissionTable:
    """The publisher's format is told by the file's ending, and for JSON by its first character."""
    suffix = path.suffix.casefold()
    if suffix in {".xlsx", ".xls"}:
        return read_smhi_xlsx(path)
    if suffix == ".csv":
        return read_miljodirektoratet(path)
    if suffix == ".json":
        with _opened(path) as stream:
            start = stream.read(1000).lstrip("\ufeff \t\r\n")
        return read_energistyrelsen(path) if start.startswith("{") else read_ghg_json(path)
    raise CommandError(f"{path.name}: expected a file ending in .xlsx, .xls, .json or .csv.")


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror})", file=path.name) from error


def _check_fit(args: argparse.Namespace, table: EmissionTable) -> None:
    wanted = METHODS[args.method]
    if table.gas_set != wanted:
        raise CommandError(
            f"{args.emissions.name}: the method {args.method} needs emissions of {GAS_NAMES[wanted]},"
            f" found {GAS_NAMES[table.gas_set]}."
        )
    if args.method == "carbon-law" and args.deductions:
        raise CommandError("The method carbon-law takes no deductions.")


def _level(args: argparse.Namespace, table: EmissionTable) -> Level:
    """The level whose totals are used: municipalities, or what a file of counties or of a country has instead."""
    level = next((level for level in LEVELS if table.totals(level)), None)
    if level is None:
        raise CommandError(f"{args.emissions.name}: expected totals of areas, found none.")
    if level != "municipality" and args.method == "budget-2024":
        raise CommandError(
            f"{args.emissions.name}: the method budget-2024 shares a budget among municipalities, found none."
        )
    if LEVELS.index(args.by) < LEVELS.index(level) and args.by != "municipality":
        raise CommandError(f"{args.emissions.name}: expected totals to sum by {args.by}, found those of a {level}.")
    return level


def _read_areas(path: Path | None) -> dict[str, Area]:
    """The table of areas by key."""
    source = path or resources.files("samkraft.places.reference") / "areas.csv"
    try:
        with source.open(encoding="utf-8") as stream:
            return {
                line["key"]: Area(
                    line["key"],
                    line["country"],
                    line["code"],
                    line["kind"],
                    line["parent"],
                    line["name"],
                    line["full_name"],
                    tuple(n.strip() for n in (line.get("other_names") or "").split(";") if n.strip()),
                )
                for line in csv.DictReader(stream)
            }
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"The table of areas cannot be read: {error}.") from error


def _matched(table: EmissionTable, rows: Sequence[EmissionRow], areas: dict[str, Area], level: Level) -> list[Area]:
    """The area that each row means, each of them once."""
    known = [a for a in areas.values() if a.country == table.country and a.kind == level]
    by_code = {area.code: area for area in known}
    candidates = _candidates(known, areas)
    found: dict[str, Area] = {}
    for row in rows:
        if row.area_code is None:
            try:
                area = areas[match_municipality(row.area_name, row.county_name, candidates).key]
            except NameNotMatched as error:
                raise table.error(str(error), row) from error
        elif row.area_code in by_code:
            area = by_code[row.area_code]
        else:
            raise table.error(f"expected a known code, found {shown(row.area_code)}", row)
        if area.key in found:
            raise table.error(f"expected each area once, found {shown(row.area_name)} again", row)
        found[area.key] = area
    return list(found.values())


def _candidates(known: Iterable[Area], areas: dict[str, Area]) -> list[Candidate]:
    return [
        Candidate(
            a.key,
            a.name,
            areas[a.parent].full_name if a.kind == "municipality" and a.parent in areas else "",
            a.other_names,
        )
        for a in known
    ]


def _deductions(
    path: Path | None,
    rows: Sequence[EmissionRow],
    years: tuple[int, ...],
    matched: list[Area],
    areas: dict[str, Area],
) -> FloatArray:
    """Tonnes to subtract, (n, m); years that the emissions do not have are passed over."""
    tonnes = np.zeros((len(rows), len(years)))
    if path is None:
        return tonnes
    table: DeductionTable = read_deductions(path)
    places = {area.key: number for number, area in enumerate(matched)}
    candidates = _candidates(matched, areas)
    column = {year: number for number, year in enumerate(years)}
    for line in table.rows:
        try:
            key = match_municipality(line.municipality, None, candidates).key
        except NameNotMatched as error:
            raise table.error(str(error), line) from error
        if line.year in column:
            tonnes[places[key], column[line.year]] += line.tonnes
    return tonnes


def _groups(
    by: str, level: Level, rows: Sequence[EmissionRow], matched: list[Area], areas: dict[str, Area]
) -> tuple[list[Group], IntArray]:
    """The rows to print, and for each area of the file the number of the one it belongs to."""
    if by == level:
        return (
            [Group(a.country, a.code, row.area_name) for a, row in zip(matched, rows, strict=True)],
            np.arange(len(rows), dtype=np.int64),
        )
    above = [areas[a.parent] if by == "county" else areas[a.country] for a in matched]
    order = {key: number for number, key in enumerate(sorted({area.key for area in above}))}
    names = {area.key: area.full_name for area in above}
    if by == "county":
        names |= {area.key: row.county_name for area, row in zip(above, rows, strict=True) if row.county_name}
    groups = [Group(areas[key].country, areas[key].code, names[key]) for key in order]
    return groups, np.array([order[area.key] for area in above], dtype=np.int64)


def _budget(
    args: argparse.Namespace,
    emissions: Emissions,
    deductions: FloatArray,
    members: IntArray,
    count: int,
) -> BudgetReport:
    if args.by == "municipality":
        return budget_2024(emissions, current_year=args.year, deductions=deductions)
    return budget_2024_by_group(emissions, members, count, current_year=args.year, deductions=deductions)


def _budget_lines(report: BudgetReport) -> Iterator[list[str]]:
    for k in range(len(report.computed)):
        yield [
            _number(report.budget_tonnes[k]),
            _number(report.trend_slope[k]),
            _number(report.needed_cut_percent[k]),
            _number(report.historical_change_percent[k]),
            _date(report.net_zero_at[k]),
            _date(report.budget_runs_out_at[k]),
        ]


def _law_lines(report: CarbonLawReport) -> Iterator[list[str]]:
    for k in range(len(report.computed)):
        meets = "true" if report.meets_paris[k] else "false"
        yield [
            _number(report.trend_slope[k]),
            _number(report.trend_total[k]),
            _number(report.law_total[k]),
            _number(report.historical_change_percent[k]),
            _date(report.net_zero_at[k]),
            meets if report.computed[k] else "",
        ]


def _number(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))


def _date(point: float) -> str:
    day = decimal_year_to_date(float(point))
    return "" if day is None else day.isoformat()


def _print(out: TextIO, columns: str, groups: list[Group], lines: Iterator[list[str]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.split(","))
    for group, line in sorted(zip(groups, lines, strict=True), key=lambda pair: (pair[0].country, pair[0].code)):
        writer.writerow([group.country, group.code, group.name, *line])


def _print_notes(err: TextIO, groups: list[Group], notes: tuple[tuple[Note, ...], ...]) -> None:
    for group, found in zip(groups, notes, strict=True):
        for note in found:
            years = f" ({', '.join(map(str, note.years))})" if note.years else ""
            tonnes = f": {note.tonnes:.3f} t" if note.tonnes is not None else ""
            err.write(f"{group.country}-{group.code} {group.name}: {note.code.value}{years}{tonnes}\n")
