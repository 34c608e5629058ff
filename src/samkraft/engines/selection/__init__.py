"""Fair selection: a lottery among all panels that keep stated limits, as even as they allow, that anyone can check.

A panel is a composition over types of people; the lottery is leximin-optimal over types; it is rounded to equally
likely panels before a public number draws one of them.
"""

from .checking import problems
from .feasibility import feasibility
from .lottery import METHODS, lottery
from .model import (
    Asked,
    Cancelled,
    Cap,
    Change,
    Column,
    Feasibility,
    FloatArray,
    Floor,
    IntArray,
    Lottery,
    LotteryReport,
    NoPanel,
    Pool,
    Price,
    Problem,
    ProblemCode,
    Progress,
    Quota,
    Rules,
    Step,
    TypeTable,
    WhatIf,
    column_of,
    pool_of,
)
from .types import type_table
from .watch import Stage
from .what_if import what_if

__all__ = [
    "METHODS",
    "Asked",
    "Cancelled",
    "Cap",
    "Change",
    "Column",
    "Feasibility",
    "FloatArray",
    "Floor",
    "IntArray",
    "Lottery",
    "LotteryReport",
    "NoPanel",
    "Pool",
    "Price",
    "Problem",
    "ProblemCode",
    "Progress",
    "Quota",
    "Rules",
    "Stage",
    "Step",
    "TypeTable",
    "WhatIf",
    "column_of",
    "feasibility",
    "lottery",
    "pool_of",
    "problems",
    "type_table",
    "what_if",
]
