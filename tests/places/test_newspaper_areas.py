"""Newspaper areas: what is loaded at the start, what people did to them since, and which a municipality lies in."""

from datetime import date

import pytest

from samkraft.places import operations, queries
from samkraft.places.models import Area, NewspaperArea
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def load():
    operations.load_places(progress=lambda step: None)


def paper(slug="mariestads-tidningen"):
    return NewspaperArea.objects.get(country="SE", slug=slug)


def keys(area):
    return sorted(area.municipalities.values_list("key", flat=True))


def test_every_open_daily_is_loaded_and_none_is_confirmed():
    assert NewspaperArea.objects.in_country("se").in_use().count() == 122
    assert not NewspaperArea.objects.exclude(confirmed_on=None, changed_at=None).exists()


def test_newspaper_reaches_the_municipalities_of_its_newsrooms():
    assert keys(paper()) == ["SE-1447", "SE-1473", "SE-1493"]
    assert (paper().name, paper().newspaper, paper().url) == ("Mariestads-Tidningen", "Mariestads-Tidningen", "")


def test_second_load_makes_nothing_new():
    before = sorted(NewspaperArea.objects.values_list("pk", "municipalities"))
    load()
    assert sorted(NewspaperArea.objects.values_list("pk", "municipalities")) == before


def test_second_load_mends_a_guess_that_nobody_has_touched():
    paper().municipalities.set([])
    load()
    assert keys(paper()) == ["SE-1447", "SE-1473", "SE-1493"]


@pytest.mark.parametrize("touched", [{"confirmed_on": date(2026, 3, 2)}, {"changed_at": NOW}, {"ended_on": NOW.date()}])
def test_second_load_leaves_what_a_person_has_confirmed_changed_or_ended(touched):
    NewspaperArea.objects.filter(pk=paper().pk).update(**touched, name="Skaraborg")
    paper().municipalities.set([Area.objects.get(key="SE-1493")])
    load()
    assert (paper().name, keys(paper())) == ("Skaraborg", ["SE-1493"])


def test_second_load_leaves_a_name_that_a_person_gave_to_another_area():
    NewspaperArea.objects.filter(slug="mariestads-tidningen").delete()
    drawn = NewspaperArea.objects.create(
        country="SE", slug="mt", name="Mariestads-Tidningen", newspaper="MT", changed_at=NOW
    )
    load()
    assert NewspaperArea.objects.filter(name="Mariestads-Tidningen").get() == drawn


def test_municipality_can_lie_in_several_areas_and_confirmed_ones_come_first():
    karlskrona = Area.objects.get(key="SE-1080")
    assert [area.slug for area in queries.newspaper_areas_of(karlskrona)] == [
        "blekinge-lans-tidning-med-solvesborgs-tidningen-och-karlshamns-allehanda",
        "sydostran",
    ]
    NewspaperArea.objects.filter(slug="sydostran").update(confirmed_on=NOW.date())
    assert queries.newspaper_areas_of(karlskrona)[0].slug == "sydostran"


def test_area_that_is_no_longer_used_is_none_of_a_municipalitys():
    NewspaperArea.objects.filter(slug="sydostran").update(ended_on=NOW.date())
    assert queries.newspaper_areas_of(Area.objects.get(key="SE-1080")).count() == 1


def test_areas_that_reach_into_a_county_are_found_over_its_border():
    kalmar = Area.objects.get(key="SE-08")
    slugs = set(NewspaperArea.objects.reaching(kalmar).values_list("slug", flat=True))
    assert {"barometern-ot", "vimmerby-tidning-med-kinda-posten"} <= slugs
    assert "mariestads-tidningen" not in slugs


def test_municipalities_come_by_county_with_one_query(django_assert_num_queries):
    vimmerby = paper("vimmerby-tidning-med-kinda-posten")
    with django_assert_num_queries(1):
        found = [(area.parent.name, area.name) for area in queries.municipalities_of(vimmerby)]
    assert found == [("Kalmar", "Hultsfred"), ("Kalmar", "Vimmerby"), ("Östergötland", "Kinda")]
