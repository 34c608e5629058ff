"""Organisation numbers, pages and addresses of actors, in plain Python."""

import pytest

from samkraft.networks.rules.actors import (
    PersonalNumber,
    WrongNumber,
    free_slug,
    is_facebook,
    organisation_number,
    shown_organisation_number,
)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("SE", "556036-0793", "5560360793"),
        ("SE", "16556036-0793", "5560360793"),
        ("SE", "SE556036079301", "5560360793"),
        ("NO", "NO 988 077 917 MVA", "988077917"),
        ("DK", "DK 13585628", "13585628"),
    ],
)
def test_number_is_kept_as_digits_however_it_is_written(country, typed, kept):
    assert organisation_number(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("SE", "811218-9876"),
        ("SE", "19811218-9876"),
        ("SE", "811278-9873"),
        ("SE", "SE811218987601"),
        ("NO", "01010112345"),
        ("DK", "010101-1234"),
    ],
)
def test_persons_number_is_told_apart(country, typed):
    with pytest.raises(PersonalNumber):
        organisation_number(country, typed)


@pytest.mark.parametrize(
    ("country", "typed"),
    [("SE", "556036-0794"), ("SE", "5560"), ("SE", "abc"), ("NO", "988077918"), ("DK", "13585627"), ("DK", "")],
)
def test_number_with_a_wrong_digit_is_refused(country, typed):
    with pytest.raises(WrongNumber):
        organisation_number(country, typed)


def test_number_is_shown_as_its_country_writes_it():
    shown = [
        shown_organisation_number(*pair) for pair in (("SE", "5560360793"), ("NO", "988077917"), ("DK", "13585628"))
    ]
    assert shown == ["556036-0793", "988 077 917", "13585628"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.facebook.com/bakery", True),
        ("https://sv-se.facebook.com/bakery", True),
        ("https://fb.me/bakery", True),
        ("https://facebook.com.evil.example/bakery", False),
        ("https://notfacebook.com/bakery", False),
        ("https://evil.example/facebook.com", False),
    ],
)
def test_facebook_is_told_by_its_host(url, expected):
    assert is_facebook(url) is expected


def test_address_is_free_and_leads_to_no_page_of_ours():
    assert [free_slug(name, {"bakery", "bakery-2"}) for name in ("Bakery", "Map", "???", "Åbo Bröd")] == [
        "bakery-3",
        "map-2",
        "actor",
        "abo-brod",
    ]
