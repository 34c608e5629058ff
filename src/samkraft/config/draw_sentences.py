"""What `samkraft draw` says of rules that cannot be kept, in sentences with file, row and column."""

from __future__ import annotations

from fractions import Fraction

from samkraft.engines.selection.model import Change, Problem, ProblemCode, Step
from samkraft.engines.selection.reading import Selection, shown


def problem_sentence(problem: Problem, selection: Selection) -> str:
    """One sentence. Limits stand in the file of features, in the row of their value or of their feature's first."""
    return f"{_place(problem, selection)}{_PROBLEMS[problem.code].format(**_words(problem))}."


_PROBLEMS = {
    ProblemCode.NO_SEATS: "expected at least 1 seat, found {found}",
    ProblemCode.TOO_FEW_PEOPLE: "there are {found} people for {wanted} seats",
    ProblemCode.UNKNOWN_COLUMN: "there is no column {feature} among the people",
    ProblemCode.REPEATED_QUOTA: "{value} of {feature} stands there {found} times",
    ProblemCode.NEGATIVE: "a limit of {value} is below zero",
    ProblemCode.MINIMUM_ABOVE_MAXIMUM: "the minimum {found} of {value} is above its maximum {wanted}",
    ProblemCode.VALUE_NOBODY_HAS: "nobody has {value} in {feature}, and at least {wanted} are wanted",
    ProblemCode.TOO_FEW_WITH_VALUE: "at least {wanted} are wanted with {value} in {feature}, and {found} have it",
    ProblemCode.VALUE_WITHOUT_QUOTA: "{found} people have {value} in {feature}, which has no limits",
    ProblemCode.MINIMUMS_ABOVE_SEATS: "the minimums of {feature} sum to {found}, and there are {wanted} seats",
    ProblemCode.MAXIMUMS_BELOW_SEATS: "the maximums of {feature} sum to {found}, and there are {wanted} seats",
    ProblemCode.CAP_BELOW_ONE: "the cap on {feature} is {found}, and lets nobody in",
    ProblemCode.CAP_TOO_TIGHT: "the cap on {feature} lets in {found} people at most, and there are {wanted} seats",
    ProblemCode.VALUE_WITHOUT_POINTS: "{value} in {feature} has no points for the floor",
    ProblemCode.FLOOR_TOO_HIGH: "the highest mean of {feature} that so many people can have is {mean}",
}

# Which column of the file of features is to be looked at.
_COLUMNS = {
    ProblemCode.UNKNOWN_COLUMN: "feature",
    ProblemCode.REPEATED_QUOTA: "value",
    ProblemCode.NEGATIVE: "min",
    ProblemCode.MINIMUM_ABOVE_MAXIMUM: "min",
    ProblemCode.VALUE_NOBODY_HAS: "value",
    ProblemCode.TOO_FEW_WITH_VALUE: "min",
    ProblemCode.MINIMUMS_ABOVE_SEATS: "min",
    ProblemCode.MAXIMUMS_BELOW_SEATS: "max",
}


def _place(problem: Problem, selection: Selection) -> str:
    rows = [
        row
        for (feature, value), row in selection.rows.items()
        if feature == problem.feature and problem.value in {"", value}
    ]
    if problem.code in _COLUMNS and rows:
        return f"{selection.features_file}, row {rows[0]}, column {_COLUMNS[problem.code]}: "
    if problem.code == ProblemCode.NO_SEATS:
        return "Option --seats: "
    return f"{selection.people_file}: "


def _words(problem: Problem) -> dict[str, str | int]:
    mean = f"{float(Fraction(problem.value)):.4g}" if problem.code == ProblemCode.FLOOR_TOO_HIGH else ""
    return {
        "feature": shown(problem.feature),
        "value": shown(problem.value),
        "found": problem.found,
        "wanted": problem.wanted,
        "mean": mean,
    }


def change_sentence(change: Change) -> str:
    """What would have to move together, as a request."""
    steps = [_step_words(step) for step in change.steps]
    text = " and ".join([", ".join(steps[:-1]), steps[-1]] if len(steps) > 1 else steps)
    return f"{text[0].upper()}{text[1:]}."


def _step_words(step: Step) -> str:
    move = "lower" if step.new < step.old else "raise"
    if step.side == "seats":
        return f"{move} the seats from {step.old} to {step.new}"
    if step.side == "cap":
        return f"{move} the cap on {shown(step.feature)} from {step.old} to {step.new}"
    return f"{move} the {step.side} of {shown(step.value)} in {shown(step.feature)} from {step.old} to {step.new}"
