"""What is said of limits that cannot be kept."""

import pytest

from samkraft.config.draw_sentences import change_sentence, problem_sentence
from samkraft.engines.selection.model import Cap, Change, Problem, ProblemCode, Rules, Step, pool_of
from samkraft.engines.selection.reading import Selection


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_sentence(code):
    pool = pool_of(["1"], {"f": ["x"]})
    selection = Selection(pool, Rules(1, (), (Cap("f", 1),)), "people.csv", "features.csv", {("f", "x"): 2})
    value = "7/2" if code == ProblemCode.FLOOR_TOO_HIGH else "x"
    text = problem_sentence(Problem(code, "f", value, 1, 2), selection)
    assert text.endswith(".") and "{" not in text
    assert text.startswith(("people.csv: ", "features.csv, row 2, column ", "Option --seats: "))


def test_changes_are_told_as_requests():
    steps = (
        Step("sector", "energi", "minimum", 3, 2),
        Step("sector", "plan", "maximum", 5, 6),
        Step("kommun", "", "cap", 2, 3),
        Step("", "", "seats", 12, 11),
    )
    assert change_sentence(Change(steps, 4)) == (
        "Lower the minimum of “energi” in “sector” from 3 to 2, raise the maximum of “plan” in “sector” from 5 to 6,"
        " raise the cap on “kommun” from 2 to 3 and lower the seats from 12 to 11."
    )
    assert change_sentence(Change(steps[:1], 1)) == "Lower the minimum of “energi” in “sector” from 3 to 2."
