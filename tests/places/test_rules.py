"""Keys, addresses, and names that people spell in more than one way."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkraft.places import rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Åmål", "amal"),
        ("Aabenraa", "Åbenrå"),
        ("AARHUS", "århus"),
        ("Ærø", "Aerø"),
        ("Ærø", "aero"),
        ("Tønder", "Tonder"),
        ("Tønder", "Toender"),
        ("Herøy", "heroy"),
        ("Mörbylånga", "morbylanga"),
        ("Upplands-Bro", "upplands bro"),
        ("Upplands  Väsby", "upplands väsby "),
        ("Møre og Romsdal", "MORE OG ROMSDAL"),
        ("Ga\N{LATIN SMALL LETTER A}\N{COMBINING RING ABOVE}", "Gå"),
        ("Deatnu/Tana", "deatnu tana"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert rules.fold(one) == rules.fold(other)


@pytest.mark.parametrize(("one", "other"), [("Mora", "Mola"), ("Lund", "Lunda"), ("Håbo", "Habo stad")])
def test_different_names_fold_to_different_texts(one: str, other: str) -> None:
    assert rules.fold(one) != rules.fold(other)


@given(st.text(max_size=60))
def test_folded_text_has_no_accents_and_single_spaces(text: str) -> None:
    folded = rules.fold(text)

    assert folded == " ".join(folded.split())
    assert not any(unicodedata.combining(character) for character in folded)


@given(st.text(alphabet="abcåäöæøé -'", max_size=30))
def test_capitals_make_no_difference(text: str) -> None:
    assert rules.fold(text.upper()) == rules.fold(text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("54230", "54230"),
        ("542 30", "54230"),
        (" 542\N{NO-BREAK SPACE}30 ", "54230"),
        ("SE-542 30", "54230"),
        ("S-54230", "54230"),
        ("se 542", "542"),
        ("54", "54"),
    ],
)
def test_postcodes_are_read_as_people_write_them(typed: str, digits: str) -> None:
    assert rules.postcode(typed) == digits


@pytest.mark.parametrize("typed", ["", "5", "542300", "542 30 Mariestad", "Mariestad", "-54", "５４２３０", "٥٤٢٣٠"])
def test_what_is_not_a_postcode_is_none(typed: str) -> None:
    assert rules.postcode(typed) is None


def test_a_key_is_country_and_code_since_codes_collide() -> None:
    assert (rules.area_key("SE", "1860"), rules.area_key("NO", "1860")) == ("SE-1860", "NO-1860")
    assert rules.area_key("SE", "SE") == "SE"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Upplands Väsby", "upplands-vasby"),
        ("Ærø", "aero"),
        ("Herøy", "heroy"),
        ("Åmål", "amal"),
        ("Indre Fosen", "indre-fosen"),
        ("Møre og Romsdal", "more-og-romsdal"),
    ],
)
def test_slugs_are_plain_letters_and_hyphens(name: str, slug: str) -> None:
    assert rules.slug(name) == slug


def test_tags_of_a_page_do_not_depend_on_how_the_country_is_written() -> None:
    assert rules.area_tag("SE", "mariestad") == rules.area_tag("se", "mariestad") == "area:se/mariestad"
