"""What tells who wrote a text is found and hidden, and ordinary words are left alone."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.calls.rules.blinding import SpotKind, identity_in, masked

NAME, EMAIL = "Anna-Karin von Sydow Björk", "ak.bjork@mariestad.se"
PLACES = ("Mariestad", "Mariestads kommun", "Västra Götalands län", "Västra Götaland")


def hide(text: str, **known: object) -> str:
    given_of = {"name": NAME, "email": EMAIL, "places": PLACES, **known}
    return masked(text, identity_in(text, **given_of), "[hidden]")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("I am Anna-Karin Björk.", "I am [hidden]."),
        ("Annas work, and karin's too", "[hidden] work, and [hidden] too"),
        ("Write to BJORK or bjoerk", "Write to [hidden] or [hidden]"),
        ("Sydows plan", "[hidden] plan"),
        ("See ak.bjork, please", "See [hidden], please"),
        ("We in Mariestad plan.", "We in [hidden] plan."),
        ("Mariestads kommun and the mariestadsbor", "[hidden] and the [hidden]"),
        ("All of Västra Götaland, vaestra goetalands län", "All of [hidden], [hidden]"),
        ("anna@example.org or ak.bjork@mariestad.se", "[hidden] or [hidden]"),
        ("Call 0501-75 50 00 or +46 70 123 45 67", "Call [hidden] or [hidden]"),
        ("Call 070-1234567.", "Call [hidden]."),
        ("Ring 912 34 567 eller 22 33 44 55", "Ring [hidden] eller [hidden]"),
        ("Ring 91234567!", "Ring [hidden]!"),
        ("My number is 19800101-1234", "My number is [hidden]"),
        ("See https://example.org/people/annakarin", "See [hidden]"),
        ("See www.mariestad.se/climate.", "See [hidden]"),
    ],
)
def test_identity_is_hidden(text, hidden) -> None:
    assert hide(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "We cut 12 000 tonnes from 2010 to 2025.",
        "It costs 1 500 000 kronor, or 10 000 000 in 5 years.",
        "Between 2020-2024 we planned for 2030.",
        "von oben, and a sydowian bjorken",
        "See https://example.org/report for the figures.",
        "From 20260101 on, 15 of 20",
        "The phone rang 3 times at 08:30.",
        "Annandag och annan",
    ],
)
def test_ordinary_words_and_figures_are_left_alone(text) -> None:
    assert hide(text) == text


def test_short_names_are_found_only_as_names() -> None:
    text = "Bo and Per say that to bo is per se fine. BOs plan."

    assert hide(text, name="Bo Per") == "[hidden] and [hidden] say that to bo is per se fine. [hidden] plan."


def test_short_places_are_found_only_as_places() -> None:
    assert hide("In Vara it can vara. Varas plan.", places=("Vara",)) == "In [hidden] it can vara. [hidden] plan."


def test_what_is_not_given_is_not_looked_for() -> None:
    text = "Anna of Mariestad, anna@example.org"

    assert masked(text, identity_in(text, places=PLACES, contacts=False), "*") == "Anna of *, anna@example.org"
    assert identity_in(text, name="", email="", places=(), contacts=False) == []


def test_spots_say_what_they_are_and_where() -> None:
    spots = identity_in("Anna, 070-123 45 67", name=NAME, email=EMAIL)

    assert [(spot.start, spot.end, spot.kind, spot.words) for spot in spots] == [
        (0, 4, SpotKind.NAME, "Anna"),
        (6, 19, SpotKind.PHONE, "070-123 45 67"),
    ]


def test_letters_taken_apart_are_found_too() -> None:
    assert hide(unicodedata.normalize("NFD", "Hej Björk")) == "Hej [hidden]"


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_name_is_never_left_between_other_words(before, after) -> None:
    assert "björk" not in hide(f"{before} Björk {after}").casefold().replace("[hidden]", "").split()


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_any_text_and_any_name_can_be_looked_through(text, name, place) -> None:
    spots = identity_in(text, name=name, email=f"{name}@x.example", places=[place])

    assert all(one.end <= other.start for one, other in pairwise(spots))
