"""Readers of the publishers' own formats: a path in, a frozen table out, or one sentence on what is wrong.

No Django here. A missing figure is None, never zero; a negative figure stays negative.
"""

from .deductions import read_deductions
from .energistyrelsen import read_energistyrelsen
from .errors import FormatError
from .ghg import read_ghg_json
from .miljodirektoratet import read_miljodirektoratet
from .names import Candidate, NameNotMatched, match_municipality
from .scb import read_scb_codes, read_scb_population
from .smhi import read_smhi_xlsx
from .tables import (
    AreaCode,
    AreaCodeTable,
    Deduction,
    DeductionTable,
    EmissionRow,
    EmissionTable,
    Population,
    PopulationTable,
    Source,
)

__all__ = [
    "AreaCode",
    "AreaCodeTable",
    "Candidate",
    "Deduction",
    "DeductionTable",
    "EmissionRow",
    "EmissionTable",
    "FormatError",
    "NameNotMatched",
    "Population",
    "PopulationTable",
    "Source",
    "match_municipality",
    "read_deductions",
    "read_energistyrelsen",
    "read_ghg_json",
    "read_miljodirektoratet",
    "read_scb_codes",
    "read_scb_population",
    "read_smhi_xlsx",
]
