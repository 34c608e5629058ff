"""Choosing municipalities in a form."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from samkraft.places.fields import MunicipalitiesField

pytestmark = pytest.mark.django_db


def form(country="", **chosen):
    class Choosing(forms.Form):
        places = MunicipalitiesField(country=country, label="Municipalities")

    return Choosing(MultiValueDict(chosen)) if chosen else Choosing(initial={})


def drawn(a_form):
    return render_to_string("ui/_form.html", {"form": a_form})


def test_municipalities_are_chosen_over_county_borders():
    chosen = form(places=["SE-1493", "SE-1861"])
    assert chosen.is_valid(), chosen.errors
    assert [area.key for area in chosen.cleaned_data["places"]] == ["SE-1493", "SE-1861"]


def test_field_offers_only_the_municipalities_of_its_country():
    assert form("SE", places=["NO-0301"]).errors == {
        "places": [MunicipalitiesField.default_error_messages["invalid_choice"]]
    }
    assert form(places=["NO-0301"]).is_valid()


@pytest.mark.parametrize("value", ["x", "0", "-1", "99999999999999999999999", "\x00"])
def test_choice_that_is_no_municipality_is_refused(value):
    assert list(form(places=[value]).errors) == ["places"]


def test_county_is_no_municipality():
    assert list(form(places=["SE-14"]).errors) == ["places"]


def test_groups_with_a_chosen_municipality_are_open_and_counted(in_english):
    html = drawn(form("SE", places=["SE-1493"]))
    assert html.count("<details") == 21
    assert html.count(" open>") == 1
    assert html.count(" checked>") == 1
    assert "Mariestad</span>" in html
    assert "(1)" in html


def test_field_is_drawn_with_one_query(django_assert_num_queries):
    empty = form("SE")
    with django_assert_num_queries(1):
        drawn(empty)


def test_countries_are_named_where_there_are_several(in_english):
    html = drawn(form())
    assert [html.count(f">{name}</p>") for name in ("Sweden", "Norway", "Denmark")] == [1, 1, 1]


def test_first_group_can_be_reached_from_the_summary_of_errors():
    assert drawn(form("SE")).count('id="id_places_0"') == 1
