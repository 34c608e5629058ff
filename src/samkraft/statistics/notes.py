"""What a method did with an area's figures, as sentences for the reader."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from samkraft.engines.pathways import NoteCode
from samkraft.ui import numbers


def sentences(notes: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each note, in the order given."""
    return [_SENTENCES[NoteCode(note["code"])](_years(note["years"])) for note in notes]


def _years(years: Sequence[int]) -> str:
    """Years in words, runs of three and more joined: 2010, 2015–2022."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [f"{run[0]}{numbers.MISSING}{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(parts)


_SENTENCES: dict[NoteCode, Callable[[str], str]] = {
    NoteCode.MISSING_VALUES: lambda years: (
        _("There are no figures for %(years)s. Those years are left out.") % {"years": years}
    ),
    NoteCode.NEGATIVE_VALUES: lambda years: (
        _("The figures for %(years)s are below zero, and are used as they are.") % {"years": years}
    ),
    NoteCode.DEDUCTION: lambda years: (
        _("Emissions from making cement are subtracted for %(years)s.") % {"years": years}
    ),
    NoteCode.TOO_FEW_POINTS: lambda years: _("There are too few years with figures to see a direction."),
    NoteCode.ENDED: lambda years: (
        _("The figures end in %(years)s, too long ago to see a direction.") % {"years": years}
    ),
    NoteCode.ANCHORED_EARLIER: lambda years: (
        _("The trend starts from %(years)s, the last year with a figure.") % {"years": years}
    ),
    NoteCode.STARTS_LATE: lambda years: (
        _("The change is counted from %(years)s, the first year with a figure.") % {"years": years}
    ),
    NoteCode.BUDGET_FROM_AVAILABLE_YEARS: lambda years: (
        _("The share of the budget is worked out from the years that have figures: %(years)s.") % {"years": years}
    ),
    NoteCode.NO_POSITIVE_BUDGET: lambda years: _(
        "There is no share of the budget, since the emissions are not above zero."
    ),
    NoteCode.MEMBER_WITHOUT_BUDGET: lambda years: _(
        "A municipality within the area lacks figures, so there is no budget."
    ),
    NoteCode.CHANGE_SKIPS_YEARS: lambda years: (
        _("The yearly change leaves out %(years)s, which have no year before.") % {"years": years}
    ),
    NoteCode.CHANGE_UNDEFINED: lambda years: _(
        "A change in per cent has no meaning here, since it starts at zero or below."
    ),
    NoteCode.TREND_TIE: lambda years: _("Several lines fit the figures equally well; the one in the middle is used."),
    NoteCode.AT_OR_BELOW_ZERO: lambda years: _("On this trend the emissions have already reached zero."),
}
