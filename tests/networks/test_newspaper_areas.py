"""Newspaper areas as people see, draw, confirm and end them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from samkraft.networks.operations import newspaper_areas as operations
from samkraft.networks.queries import newspaper_areas as queries
from samkraft.places.models import Area, NewspaperArea
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache
from tests import factories
from tests import factories_networks as made
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def area_of(key):
    return Area.objects.get(key=key)


def paper():
    return NewspaperArea.objects.get(slug="mariestads-tidningen")


def address(name, area=None, *args):
    found = area or paper()
    return reverse(f"networks:{name}", args=[found.country.lower(), found.slug, *args])


@pytest.fixture
def coordinator():
    """Who coordinates the county of Västra Götaland."""
    return factories.coordinator(area_of("SE-14"))


def fields(**others):
    return {
        "name": "Skaraborg",
        "newspaper": "Skaraborgs Tidning",
        "url": "https://paper.example/",
        "municipalities": [area_of("SE-1493"), area_of("SE-1861")],
        "is_confirmed": True,
        **others,
    }


def draw(by, now=NOW, **others):
    return operations.draw(country="SE", by=by, now=now, **fields(**others))


def sent(**others):
    return {
        "name": "Skaraborg",
        "newspaper": "Skaraborgs Tidning",
        "url": "https://paper.example/",
        "municipalities": ["SE-1493", "SE-1861"],
        "is_confirmed": "on",
        "seen": "",
        **others,
    }


def test_area_is_drawn_over_a_county_border_and_counts_as_confirmed(coordinator):
    area = draw(coordinator)
    assert (area.slug, area.country, area.confirmed_on, area.changed_at) == ("skaraborg", "SE", NOW.date(), NOW)
    assert {place.key for place in area.municipalities.all()} == {"SE-1493", "SE-1861"}


def test_area_is_drawn_by_a_coordinator_of_either_county():
    of_orebro = factories.coordinator(area_of("SE-18"))
    assert draw(of_orebro).pk


def test_nobody_draws_where_they_coordinate_no_county():
    elsewhere = factories.coordinator(area_of("SE-12"))
    of_the_municipality = factories.coordinator(area_of("SE-1493"))
    for person in (elsewhere, of_the_municipality, factories.user()):
        with pytest.raises(Refused):
            draw(person)
    assert not NewspaperArea.objects.filter(name="Skaraborg").exists()


def test_second_area_of_a_name_is_refused_and_one_with_the_same_address_gets_another(coordinator):
    draw(coordinator)
    with pytest.raises(Refused):
        draw(coordinator)
    assert draw(coordinator, name="Skåraborg").slug == "skaraborg-2"


def test_change_needs_a_county_of_what_it_was_and_of_what_it_becomes(coordinator):
    of_orebro = factories.coordinator(area_of("SE-18"))
    with pytest.raises(Refused):
        operations.change(area=paper(), seen=None, by=of_orebro, now=NOW, **fields())
    with pytest.raises(Refused):
        operations.change(
            area=paper(), seen=None, by=coordinator, now=NOW, **fields(municipalities=[area_of("SE-1861")])
        )
    operations.change(area=paper(), seen=None, by=coordinator, now=NOW, **fields())
    assert (paper().name, paper().slug) == ("Skaraborg", "mariestads-tidningen")


def test_refused_change_leaves_no_trace(coordinator):
    with pytest.raises(Refused):
        operations.change(
            area=paper(), seen=None, by=coordinator, now=NOW, **fields(municipalities=[area_of("SE-1861")])
        )
    assert (paper().changed_at, paper().history.count()) == (None, 0)


def test_second_of_two_who_change_an_area_is_told(coordinator):
    operations.confirm(area=paper(), seen=None, by=coordinator, now=NOW)
    with pytest.raises(Refused) as refused:
        operations.change(area=paper(), seen=None, by=coordinator, now=LATER, **fields())
    assert str(refused.value) == str(operations._CHANGED)
    assert paper().name == "Mariestads-Tidningen"


def test_history_tells_who_drew_and_confirmed_and_which_municipalities_came_and_went(coordinator, in_english):
    operations.confirm(area=paper(), seen=None, by=coordinator, now=NOW)
    seen = paper().changed_at
    operations.change(area=paper(), seen=seen, by=coordinator, now=LATER, **fields(newspaper="Mariestads-Tidningen"))
    told = [(change.by, change.at, change.sentences) for change in queries.changes_of(paper())]
    assert told == [
        (
            coordinator.name,
            LATER,
            [
                "Added: Hallsberg.",
                "Removed: Gullspång, Töreboda.",
                "The name was Mariestads-Tidningen and became Skaraborg.",
                "The link became https://paper.example/.",
            ],
        ),
        (coordinator.name, NOW, ["The area was confirmed."]),
    ]


def test_history_of_a_drawn_area_begins_with_its_municipalities(coordinator, in_english):
    area = draw(coordinator)
    assert queries.changes_of(area)[0].sentences == [
        "The area was drawn with Hallsberg, Mariestad.",
        "The area was confirmed.",
    ]


def test_history_costs_the_same_for_one_and_three_changes(coordinator, django_assert_num_queries):
    operations.confirm(area=paper(), seen=None, by=coordinator, now=NOW)
    area_once = paper()
    with django_assert_num_queries(2):
        queries.changes_of(area_once)
    for hours in (1, 2):
        area = paper()
        now = NOW + timedelta(hours=hours)
        operations.set_use(area=area, in_use=hours == 2, seen=area.changed_at, by=coordinator, now=now)
    with django_assert_num_queries(2):
        assert len(queries.changes_of(area_once)) == 3


def test_area_with_a_network_stays_in_use_and_keeps_the_networks_county(coordinator):
    made.network(paper(), county=area_of("SE-14"), convener=made.actor(area_of("SE-1493")))
    steward = factories.steward()
    with pytest.raises(Refused):
        operations.set_use(area=paper(), in_use=False, seen=None, by=coordinator, now=NOW)
    with pytest.raises(Refused):
        operations.change(area=paper(), seen=None, by=steward, now=NOW, **fields(municipalities=[area_of("SE-1861")]))


def test_area_out_of_use_is_in_no_list_and_can_come_back(coordinator, client):
    operations.set_use(area=paper(), in_use=False, seen=None, by=coordinator, now=NOW)
    assert paper() not in queries.listed("SE", None)
    assert client.get(address("newspaper_area")).status_code == 200
    operations.set_use(area=paper(), in_use=True, seen=NOW, by=coordinator, now=LATER)
    assert paper() in queries.listed("SE", None)


def test_pages_of_the_area_its_municipalities_and_the_list_are_new_after_a_change(coordinator):
    tags = [paper().tag, operations.LIST_TAG, area_of("SE-1493").tag, area_of("SE-1861").tag, area_of("SE-14").tag]
    tags.append(area_of("SE-1447").tag)  # it leaves the area
    before = [page_cache.version_of([tag]) for tag in tags]
    operations.change(area=paper(), seen=None, by=coordinator, now=NOW, **fields())
    assert [old < page_cache.version_of([tag]) for old, tag in zip(before, tags, strict=True)] == [True] * 6


def test_pages_for_drawing_are_there_for_those_who_may_draw(cast):
    every = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
    for name in ("newspaper_area_change", "newspaper_area_confirm", "newspaper_area_use"):
        assert cast.statuses(address(name)) == every
    assert cast.statuses(reverse("networks:newspaper_area_draw", args=["se"])) == every


def test_pages_for_reading_are_open_and_the_history_is_for_people_with_an_account(cast):
    for url in (reverse("networks:newspaper_areas"), address("newspaper_area")):
        assert set(cast.statuses(url).values()) == {200}
    statuses = cast.statuses(address("newspaper_area_history"))
    assert statuses == {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}


@pytest.mark.parametrize("rest", ["", "change/", "confirm/", "use/", "history/"])
def test_area_that_is_not_there_is_not_found(cast, rest):
    url = reverse("networks:newspaper_areas") + "se/no-such-paper/" + rest
    assert cast.client("steward").get(url).status_code == 404


def test_page_says_in_plain_words_that_a_guess_is_a_guess(client, in_english, coordinator):
    page = client.get(address("newspaper_area")).content.decode()
    assert "This is a guess" in page
    assert page.count('class="area is-inside"') == 3
    operations.confirm(area=paper(), seen=None, by=coordinator, now=NOW)
    page = client.get(address("newspaper_area")).content.decode()
    assert "This is a guess" not in page
    assert "Confirmed on March 2, 2026" in page


def test_area_of_one_municipality_is_told_as_one(client, in_english):
    page = client.get(address("newspaper_area", NewspaperArea.objects.get(slug="avesta-tidning"))).content.decode()
    assert "Network and local network are one here." in page


def test_page_leads_to_its_network_or_to_starting_one(client, in_english):
    assert "Nobody has started a network here yet" in client.get(address("newspaper_area")).content.decode()
    network = made.network(paper(), convener=made.actor(area_of("SE-1493")))
    page_cache.store.clear()
    assert network.name in client.get(address("newspaper_area")).content.decode()


def test_list_is_narrowed_by_country_and_county(client):
    url = reverse("networks:newspaper_areas")

    def slugs(query):
        return [area.slug for area, _network in client.get(url + query).context["areas"]]

    assert "mariestads-tidningen" in slugs("?county=vastra-gotalands-lan")
    assert "mariestads-tidningen" not in slugs("?county=skane-lan")
    assert slugs("?country=no") == []
    assert len(slugs("?country=xx&county=nowhere&page=zz")) == 60


def test_list_costs_the_same_for_few_and_many_areas(client, django_assert_max_num_queries):
    url = reverse("networks:newspaper_areas")
    with django_assert_max_num_queries(12) as few:
        client.get(url + "?county=gotlands-lan")
    page_cache.store.clear()
    with django_assert_max_num_queries(12) as many:
        client.get(url + "?county=vastra-gotalands-lan")
    assert len(few) == len(many)


def test_page_of_an_area_costs_at_most_twelve_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(address("newspaper_area"))


def test_steward_draws_by_the_form_and_lands_on_the_new_area(cast):
    answer = cast.client("steward").post(reverse("networks:newspaper_area_draw", args=["se"]), sent())
    assert answer.status_code == 302
    area = NewspaperArea.objects.get(slug="skaraborg")
    assert answer.url == reverse("networks:newspaper_area", args=["se", "skaraborg"])
    assert sorted(area.municipalities.values_list("key", flat=True)) == ["SE-1493", "SE-1861"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"municipalities": []}, "municipalities"),
        ({"municipalities": ["NO-0301"]}, "municipalities"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"name": "   "}, "name"),
        ({"seen": "yesterday"}, "seen"),
    ],
)
def test_form_says_what_is_wrong(cast, wrong, field):
    answer = cast.client("steward").post(reverse("networks:newspaper_area_draw", args=["se"]), sent(**wrong))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]


def test_change_by_the_form_of_an_area_that_somebody_else_changed_is_refused(cast, coordinator):
    client = cast.client("steward")
    client.get(address("newspaper_area_change"))
    operations.confirm(area=paper(), seen=None, by=coordinator, now=NOW)
    answer = client.post(address("newspaper_area_change"), sent())
    assert answer.context["form"].non_field_errors() == [str(operations._CHANGED)]
    answer = client.post(address("newspaper_area_change"), sent(seen=NOW.isoformat()))
    assert answer.status_code == 302
    assert paper().name == "Skaraborg"


def test_confirming_by_the_form_says_so(cast):
    answer = cast.client("steward").post(address("newspaper_area_confirm"), {"seen": ""})
    assert answer.status_code == 302
    assert paper().confirmed_on is not None
    assert cast.client("steward").get(address("newspaper_area_confirm")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_the_same_moment_one_is_told(at_once):
    people = [factories.steward(), factories.steward()]
    area = made.newspaper_area()

    def work(place):
        seen = NewspaperArea.objects.get(pk=area.pk)
        operations.confirm(area=seen, seen=None, by=people[place], now=NOW)

    results = at_once(work, 2)
    assert sorted(str(result) for result in results) == sorted(["None", str(operations._CHANGED)])
    assert [change.by for change in queries.changes_of(area)] == [people[results.index(None)].name]
