"""Numbers as the four languages write them."""

import math
from datetime import date

import pytest
from django.utils import translation

from samkraft.ui import numbers

THIN = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", f"1{THIN}234{THIN}567,8"),
        ("nb", f"1{THIN}234{THIN}567,8"),
        ("da", "1.234.567,8"),
        ("en", "1,234,567.8"),
    ],
)
def test_number_has_the_separators_of_the_language(language: str, words: str) -> None:
    with translation.override(language):
        assert numbers.number(1_234_567.83, 1) == words


@pytest.mark.parametrize("language", ["sv", "nb", "da", "en"])
def test_number_below_zero_has_a_real_minus_sign(language: str) -> None:
    with translation.override(language):
        assert numbers.number(-12) == f"{MINUS}12"


def test_number_that_rounds_to_zero_has_no_sign() -> None:
    assert (numbers.number(-0.4), numbers.number(-0.04, 1)) == ("0", "0,0")


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_missing_figure_is_a_dash_and_never_zero(missing: float | None) -> None:
    assert [numbers.number(missing), numbers.tonnes(missing), numbers.percent(missing)] == [DASH, DASH, DASH]
    assert numbers.month_and_year(None) == DASH


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (234_567.0, f"235{THIN}000"),
        (999_999.9, f"1{THIN}000{THIN}000"),
        (1_234.4, f"1{THIN}230"),
        (999.6, f"1{THIN}000"),
        (867.4, "867"),
        (9.94, "9,9"),
        (0.0, "0"),
        (-1_248.6, f"{MINUS}1{THIN}250"),
        (-0.31, f"{MINUS}0,3"),
    ],
)
def test_tonnes_are_rounded_to_three_figures_and_small_ones_to_a_tenth(value: float, words: str) -> None:
    assert numbers.tonnes(value) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", f"{MINUS}43,6{THIN}%"),
        ("nb", f"{MINUS}43,6{THIN}%"),
        ("da", f"{MINUS}43,6{THIN}%"),
        ("en", f"{MINUS}43.6%"),
    ],
)
def test_percent_stands_a_no_break_space_from_its_number_but_in_english(language: str, words: str) -> None:
    with translation.override(language):
        assert numbers.percent(-43.6) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "juni 2031"), ("nb", "juni 2031"), ("da", "juni 2031"), ("en", "June 2031")],
)
def test_a_date_is_told_as_month_and_year(language: str, words: str) -> None:
    with translation.override(language):
        assert numbers.month_and_year(date(2031, 6, 12)) == words
