"""Where a place's emissions are heading, and what the climate needs.

Two published methods stand side by side and are never mixed: `budget_2024` (carbon dioxide, carbon budgets of
Uppsala University) and `carbon_law` (all greenhouse gases). Each computes every area in one call and says,
in notes of codes and data, what it did with gaps, missing cells, negative values and areas that began or
ended.
"""

from .budget import BudgetParameters, BudgetReport, budget_2024, budget_2024_by_group
from .carbon_law import CarbonLawParameters, CarbonLawReport, carbon_law
from .series import (
    Emissions,
    FloatArray,
    IntArray,
    Note,
    NoteCode,
    decimal_year_to_date,
    emissions_of,
    group_totals,
)

__all__ = [
    "BudgetParameters",
    "BudgetReport",
    "CarbonLawParameters",
    "CarbonLawReport",
    "Emissions",
    "FloatArray",
    "IntArray",
    "Note",
    "NoteCode",
    "budget_2024",
    "budget_2024_by_group",
    "carbon_law",
    "decimal_year_to_date",
    "emissions_of",
    "group_totals",
]
