"""Figures as CSV, one row a figure, with release and licence on every row."""

import csv
import io
from collections.abc import Iterable

from .models import Emission

EMISSION_COLUMNS = (
    "country",
    "code",
    "name",
    "year",
    "sector",
    "subsector",
    "gas_set",
    "tonnes",
    "release",
    "publisher",
    "licence",
)
LICENCE_NOT_STATED = "not stated"
# A cell that begins with one of these would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def emissions_csv(rows: Iterable[Emission]) -> str:
    """Rows of emissions with `area` and `release` fetched, as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EMISSION_COLUMNS)
    for row in rows:
        writer.writerow(
            (
                row.area.country,
                row.area.code,
                safe(row.area.name),
                row.year,
                row.sector or "all",
                safe(row.subsector),
                row.release.gas_set,
                repr(row.tonnes),
                row.release.slug,
                safe(row.release.publisher),
                safe(row.release.licence) or LICENCE_NOT_STATED,
            )
        )
    return out.getvalue()
