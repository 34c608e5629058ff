"""Figures as CSV, one row a figure, with release and licence on every row."""

import csv
import io

from django.db.models import QuerySet

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
_AT_ONCE = 5000
# A cell that begins with one of these would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


_FIELDS = (
    "area__country",
    "area__code",
    "area__name",
    "year",
    "sector",
    "subsector",
    "release__gas_set",
    "tonnes",
    "release__slug",
    "release__publisher",
    "release__licence",
)


def emissions_csv(rows: QuerySet[Emission]) -> str:
    """Rows of emissions as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EMISSION_COLUMNS)
    for country, code, name, year, sector, subsector, gas_set, tonnes, slug, publisher, licence in rows.values_list(
        *_FIELDS
    ).iterator(_AT_ONCE):
        writer.writerow(
            (
                country,
                code,
                safe(name),
                year,
                sector or "all",
                safe(subsector),
                gas_set,
                repr(tonnes),
                slug,
                safe(publisher),
                safe(licence) or LICENCE_NOT_STATED,
            )
        )
    return out.getvalue()
