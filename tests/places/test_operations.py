"""Writes about places: the reference tables again, areas that codes add and rename, and many rows at once."""

import pytest
from django.db import IntegrityError, transaction

from samkraft.places import operations, queries
from samkraft.places.bulk import insert_rows
from samkraft.places.models import Area, MapFrame, NameKind, Neighbour, PlaceName, SimilarArea
from samkraft.ui import page_cache

pytestmark = pytest.mark.django_db


def load():
    steps = []
    operations.load_places(progress=steps.append)
    return steps


def names(area):
    return set(PlaceName.objects.filter(area=area).values_list("kind", "text"))


def test_places_loaded_again_are_the_same_rows():
    tables = (Area, MapFrame, Neighbour, SimilarArea, PlaceName)
    before = {model: model.objects.count() for model in tables}
    keys = dict(Area.objects.values_list("key", "pk"))
    assert load() == ["Areas", "Neighbours and similar municipalities", "Localities and postcodes", "Newspapers"]
    assert {model: model.objects.count() for model in tables} == before
    assert dict(Area.objects.values_list("key", "pk")) == keys


def test_places_loaded_again_mend_what_has_changed():
    Area.objects.filter(key="SE-1493").update(name="Marjestad", outline="")
    load()
    mariestad = Area.objects.get(key="SE-1493")
    assert (mariestad.name, mariestad.outline[:1]) == ("Mariestad", "M")


def test_area_that_is_added_is_found_by_name_and_lies_in_its_county():
    new = operations.add_area(country="SE", code="1899", name="Nora Bergslag")
    assert (new.key, new.kind, new.parent.key, new.slug) == ("SE-1899", "municipality", "SE-18", "nora-bergslag")
    assert (new.latitude, new.longitude, new.outline) == (None, None, "")
    assert [found.area.key for found in queries.find("nora berg")] == ["SE-1899"]


def test_county_that_is_added_lies_in_its_country():
    new = operations.add_area(country="SE", code="26", name="Fjällens län")
    assert (new.key, new.kind, new.parent.key) == ("SE-26", "county", "SE")


def test_area_that_is_added_under_a_name_in_use_gets_another_address():
    assert operations.add_area(country="SE", code="1899", name="Laxå").slug == "laxa-1899"


def test_area_that_is_added_keeps_its_names_when_the_tables_are_loaded_again():
    new = operations.add_area(country="SE", code="1899", name="Nora Bergslag")
    load()
    assert names(new) == {(NameKind.NAME, "Nora Bergslag")}


def test_area_that_is_renamed_is_found_by_both_names_at_the_same_address():
    laxa = Area.objects.get(key="SE-1860")
    operations.rename_area(area=laxa, name="Laxå bruk")
    laxa.refresh_from_db()
    assert (laxa.name, laxa.slug) == ("Laxå bruk", "laxa")
    assert {text for kind, text in names(laxa) if kind == NameKind.NAME} == {"Laxå", "Laxå kommun", "Laxå bruk"}


def test_page_kept_before_a_change_of_areas_is_stale():
    before = page_cache.version_of([])
    operations.rename_area(area=Area.objects.get(key="SE-1860"), name="Laxå bruk")
    renamed = page_cache.version_of([])
    operations.add_area(country="SE", code="1899", name="Nora Bergslag")
    assert before < renamed < page_cache.version_of([])


def test_many_rows_are_stored_as_they_are_given():
    one, other = Area.objects.filter(key__in=["SE-1860", "NO-1860"]).order_by("key")
    rows = (
        (area.pk, NameKind.NAME, text, text.casefold()) for area in (one, other) for text in ("Å\tä", 'B"\\,', "C\nd")
    )
    insert_rows(PlaceName, ("area", "kind", "text", "folded"), rows)
    stored = PlaceName.objects.filter(text__in=["Å\tä", 'B"\\,', "C\nd"]).order_by("text", "area__key")
    assert [(name.area.key, name.text, name.folded) for name in stored] == [
        ("NO-1860", 'B"\\,', 'b"\\,'),
        ("SE-1860", 'B"\\,', 'b"\\,'),
        ("NO-1860", "C\nd", "c\nd"),
        ("SE-1860", "C\nd", "c\nd"),
        ("NO-1860", "Å\tä", "å\tä"),
        ("SE-1860", "Å\tä", "å\tä"),
    ]


def test_many_rows_are_all_or_none():
    pk = Area.objects.get(key="SE-1860").pk
    before = PlaceName.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(PlaceName, ("area", "kind", "text", "folded"), [(pk, NameKind.NAME, "Ny", "ny")] * 2)
    assert PlaceName.objects.count() == before
