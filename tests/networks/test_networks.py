"""The pages of networks: who sees what, what readers can do, and that the database is asked little."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import path, reverse
from ninja import NinjaAPI

from samkraft.config.urls import urlpatterns as site
from samkraft.feeds.urls import urlpatterns as feeds_urls
from samkraft.networks.api.networks import router
from samkraft.networks.models import Network, NetworkState, Variant
from samkraft.networks.operations import networks as operations
from samkraft.networks.queries import networks as queries
from samkraft.networks.urls import urlpatterns as networks_urls
from samkraft.notices.models import OutboxMessage
from samkraft.people.models import User
from samkraft.places.models import AreaLink, LinkKind
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache

from .. import factories
from .. import factories_networks as made
from ..factories import NOW

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def edited(network: Network, by: User, *, seen: int | None = None, **fields: Any) -> Network:
    now_seen = operations.seen_version(network) if seen is None else seen
    return operations.edit_network(network=network, fields=fields, seen=now_seen, by=by, now=NOW)


class TestPublicPage:
    def test_everybody_reads_a_network_that_has_begun(self, cast) -> None:
        assert set(cast.statuses(f"/en/networks/{made.network().slug}/").values()) == {200}

    @pytest.mark.parametrize("state", [NetworkState.DRAFT, NetworkState.WITHDRAWN])
    def test_what_has_not_begun_or_has_ended_exists_for_nobody(self, cast, state: str) -> None:
        assert set(cast.statuses(f"/en/networks/{made.network(state=state).slug}/").values()) == {404}

    def test_where_the_area_holds_one_municipality_network_and_local_network_are_one(self, client: Client) -> None:
        local = made.network()
        wide = made.network(made.newspaper_area(factories.area(), factories.area("1473", "Töreboda")))

        assert b"network and local network are one" in client.get(f"/en/networks/{local.slug}/").content
        assert b"network and local network are one" not in client.get(f"/en/networks/{wide.slug}/").content

    def test_only_contacts_who_chose_it_are_named_and_no_address_is_shown(self, client: Client) -> None:
        network = made.network(contact_email="us@network.example")
        for name, shown in (("Open Person", True), ("Quiet Person", False)):
            person = made.convener(network, person=factories.user(name=name), role="contact")
            network.people.filter(user=person).update(is_public=shown)

        page = client.get(f"/en/networks/{network.slug}/").content.decode()

        assert ("Open Person" in page, "Quiet Person" in page, "@" in page.partition("<main")[2]) == (
            True,
            False,
            False,
        )

    def test_its_texts_are_cleaned_when_they_are_shown_too(self, client: Client) -> None:
        network = made.network(description="<p>We<img src=x onerror=alert(1)></p><script>alert(1)</script>")

        page = client.get(f"/en/networks/{network.slug}/").content.decode()

        assert ("onerror" in page, "alert(1)" in page) == (False, False)

    def test_a_network_that_rests_cannot_be_joined(self, client: Client) -> None:
        network = made.network(state=NetworkState.RESTING)

        page = client.get(f"/en/networks/{network.slug}/").content.decode()

        assert f'data-size="lg" href="{reverse("networks:join", args=[network.slug])}"' not in page

    def test_a_shared_link_shows_name_and_words(self, client: Client) -> None:
        network = made.network(name="We pull together", description="<p>Many of us.</p>")

        page = client.get(f"/en/networks/{network.slug}/").content.decode()

        assert '<meta property="og:title" content="We pull together">' in page
        assert '<meta property="og:description" content="Many of us.">' in page

    def test_a_change_is_seen_at_once_on_a_kept_page(self, client: Client) -> None:
        network = made.network()
        convener = made.convener(network)
        address = f"/en/networks/{network.slug}/"
        client.get(address)
        assert page_cache.store.get(f"page en testserver {address}") is not None

        edited(network, convener, name="A new name", description="<p>x</p>")

        assert b"A new name" in client.get(address).content

    def test_the_page_asks_as_much_for_many_members_as_for_one(
        self, client: Client, django_assert_max_num_queries
    ) -> None:
        network = made.network()
        version = made.condition()
        made.admitted(network, version=version)
        address = f"/en/networks/{network.slug}/"
        with django_assert_max_num_queries(25) as one:
            client.get(address)
        made.admitted(network, version=version)
        made.admitted(network, version=version)
        with django_assert_max_num_queries(25) as three:
            client.get(f"{address}?again")
        assert len(three.captured_queries) == len(one.captured_queries)


class TestIndex:
    def test_networks_stand_by_county_with_state_and_members(self, client: Client) -> None:
        network = made.network(name="Open network", state=NetworkState.ACTIVE)
        made.admitted(network)
        made.network(name="Hidden draft", state=NetworkState.DRAFT)

        page = client.get("/en/networks/?country=se").content.decode()

        assert ("Open network" in page, "1 member" in page, "Hidden draft" in page) == (True, True, False)

    def test_a_network_is_found_by_municipality(self, client: Client) -> None:
        made.network(name="Mariestad network")

        assert b"Mariestad network" in client.get("/en/networks/", {"q": "Mariestad"}).content
        assert b"no network here yet" in client.get("/en/networks/", {"q": "Kiruna"}).content

    @pytest.mark.parametrize("typed", ["\x00", "x" * 500, "<script>", "%", "  "])
    def test_odd_searches_are_answered(self, client: Client, typed: str) -> None:
        assert client.get("/en/networks/", {"q": typed, "page": typed, "country": typed}).status_code == 200

    def test_an_empty_country_says_how_to_begin(self, client: Client) -> None:
        assert b"How to start one" in client.get("/en/networks/?country=dk").content

    def test_areas_without_a_network_are_listed(self, client: Client) -> None:
        taken, free = made.newspaper_area(), made.newspaper_area()
        made.network(taken)
        found = set(queries.areas_without(country="SE"))

        assert (taken in found, free in found) == (False, True)
        assert client.get("/en/networks/without/?country=se").status_code == 200

    def test_an_area_whose_newspaper_is_gone_is_not_offered(self) -> None:
        ended = made.newspaper_area(ended_on=NOW.date())

        assert ended not in set(queries.areas_without(country="SE"))

    def test_the_index_leads_to_the_newspaper_areas(self, client: Client) -> None:
        assert f'href="{reverse("networks:newspaper_areas")}?country=se"' in client.get("/en/networks/").text

    @pytest.mark.parametrize(
        "address", ["/en/networks/?country=se", "/en/networks/?q=Mariestad", "/en/networks/export.csv"]
    )
    def test_lists_ask_as_much_for_three_as_for_one(
        self, client: Client, django_assert_max_num_queries, address: str
    ) -> None:
        made.network()
        with django_assert_max_num_queries(12) as one:
            client.get(f"/en/networks/{address}")
        made.network()
        made.network()
        page_cache.store.clear()
        with django_assert_max_num_queries(12) as three:
            client.get(f"/en/networks/{address}")
        assert len(three.captured_queries) == len(one.captured_queries)

    def test_the_file_holds_open_networks_and_no_addresses_of_people(self, client: Client) -> None:
        made.network(name="=Formula", contact_email="us@network.example")
        made.network(name="Draft of mine", state=NetworkState.DRAFT)

        text = client.get("/en/networks/export.csv").content.decode()

        assert ("'=Formula" in text, "Draft of mine" in text, "@" in text) == (True, False, False)


class TestContact:
    def posted(self, client: Client, network: Network, **fields: str) -> Any:
        data = {"text": "How do we join?", "name": "Ada", "email": "ada@example.org", "website": "", **fields}
        return client.post(f"/en/networks/{network.slug}/contact/", data)

    def test_what_a_reader_writes_is_mailed_to_contacts_who_stay_unknown(self, client: Client) -> None:
        network = made.network(contact_email="us@network.example")
        made.convener(network)
        contact = made.convener(network, role="contact")

        answer = self.posted(client, network)

        sent = OutboxMessage.objects.filter(kind="networks.contact")
        assert sorted(sent.values_list("to_address", flat=True)) == sorted([contact.email, "us@network.example"])
        assert "ada@example.org" in sent.first().text
        assert contact.email not in client.get(answer.headers["Location"]).content.decode()

    def test_without_a_contact_the_conveners_get_it(self, client: Client) -> None:
        network = made.network()
        convener = made.convener(network)

        self.posted(client, network)

        assert list(OutboxMessage.objects.values_list("to_user", flat=True)) == [convener.pk]

    def test_a_network_with_nobody_says_so(self, client: Client) -> None:
        assert b"nobody who answers" in self.posted(client, made.network()).content

    def test_a_program_that_fills_in_everything_sends_nothing(self, client: Client) -> None:
        network = made.network()
        made.convener(network)

        answer = self.posted(client, network, website="https://spam.example")

        assert (answer.status_code, OutboxMessage.objects.count()) == (302, 0)

    def test_after_five_an_hour_no_more_is_sent(self, client: Client) -> None:
        network = made.network()
        made.convener(network)

        answers = [self.posted(client, network).status_code for _place in range(6)]

        assert (answers, OutboxMessage.objects.count()) == ([302] * 5 + [429], 5)


class TestOwnPages:
    ADDRESSES = ("edit/", "state/active/", "state/resting/")

    @pytest.mark.parametrize("page", ADDRESSES)
    def test_only_those_who_convene_may_open_them(self, cast, page: str) -> None:
        network = made.network()
        made.convener(network, person=cast.member)
        made.convener(network, person=cast.owner, role="editor")

        assert cast.statuses(f"/en/networks/{network.slug}/{page}") == {
            "owner": 404,
            "member": 200,
            "outsider": 404,
            "steward": 200,
            "visitor": 302,
        }

    def test_history_is_for_those_who_take_part(self, cast) -> None:
        network = made.network()
        membership = made.admitted(network)
        made.speaker(membership.actor, person=cast.member, role="editor")

        assert cast.statuses(f"/en/networks/{network.slug}/history/") == {
            "owner": 404,
            "member": 200,
            "outsider": 404,
            "steward": 200,
            "visitor": 302,
        }

    def test_of_two_who_edit_the_second_is_told(self) -> None:
        network = made.network()
        convener = made.convener(network)
        seen = operations.seen_version(network)
        edited(network, convener, seen=seen, name="First")

        with pytest.raises(Refused, match="Somebody else"):
            edited(network, convener, seen=seen, name="Second")
        network.refresh_from_db()
        assert network.name == "First"

    def test_two_who_edit_at_once_change_it_once(self, at_once) -> None:
        network = made.network()
        by = [made.convener(network), made.convener(network)]
        seen = operations.seen_version(network)

        results = at_once(lambda place: edited(network, by[place], seen=seen, name=f"Name {place}"), 2)

        assert sorted(type(result).__name__ for result in results) == ["Network", "Refused"]

    def test_a_convener_changes_the_page_by_its_form(self) -> None:
        network = made.network()
        client = signed_in(made.convener(network))
        data = {"name": "Other", "description": "We.", "variant": "total", "seen": operations.seen_version(network)}

        answer = client.post(f"/en/networks/{network.slug}/edit/", data)

        network.refresh_from_db()
        assert answer.status_code == 302
        assert (network.name, network.description, network.variant) == ("Other", "<p>We.</p>", Variant.TOTAL)

    def test_resting_is_logged_with_its_reason_and_told(self) -> None:
        network = made.network(state=NetworkState.ACTIVE)
        by, other = made.convener(network), made.convener(network)

        operations.move_network(network=network, to=NetworkState.RESTING, why="A long winter.", by=by, now=NOW)

        assert [(move.to_state, move.why) for move in TransitionLog.objects.of(network)] == [
            ("resting", "A long winter.")
        ]
        assert list(OutboxMessage.objects.values_list("to_user", flat=True)) == [other.pk]

    def test_ending_needs_a_reason_and_frees_the_area(self) -> None:
        network = made.network(state=NetworkState.RESTING)
        client = signed_in(made.convener(network))
        address = f"/en/networks/{network.slug}/state/withdrawn/"

        assert client.post(address, {"why": ""}).status_code == 200
        assert client.post(address, {"why": "We have merged."}).status_code == 302
        network.refresh_from_db()
        assert network.state == NetworkState.WITHDRAWN
        assert network.newspaper_area in queries.areas_without()

    @pytest.mark.parametrize("to", ["withdrawn", "draft", "forming", "nonsense"])
    def test_steps_that_are_not_possible_do_not_exist(self, to: str) -> None:
        network = made.network(state=NetworkState.ACTIVE)

        client = signed_in(made.convener(network))

        assert client.post(f"/en/networks/{network.slug}/state/{to}/", {"why": "x"}).status_code == 404

    def test_an_editor_cannot_move_the_network(self) -> None:
        network = made.network(state=NetworkState.ACTIVE)
        editor = made.convener(network, role="editor")

        with pytest.raises(Refused):
            operations.move_network(network=network, to=NetworkState.RESTING, why="x", by=editor, now=NOW)


class TestPanels:
    def test_a_municipality_shows_its_network_actors_and_how_to_join(self, client: Client) -> None:
        network = made.network(name="Here we pull")
        membership = made.admitted(network)

        page = client.get("/en/places/se/mariestad/").content.decode()

        assert ("Here we pull" in page, membership.actor.name in page) == (True, True)
        assert reverse("networks:join", args=[network.slug]) in page

    def test_a_municipality_without_a_network_says_how_to_begin(self, client: Client) -> None:
        page = client.get("/en/places/se/kiruna/").content.decode()

        assert "/en/networks/start/?place=Kiruna" in page

    def test_a_county_shows_networks_condition_and_facebook_pages(self, client: Client) -> None:
        area = factories.area()
        network = made.network(name="Here we pull", facebook_url="https://facebook.example/network")
        made.condition(title="The countys word")
        AreaLink.objects.create(area=area, kind=LinkKind.FACEBOOK, title="Ours", url="https://facebook.example/a")

        page = client.get(f"/en/places/se/{network.county.slug}/").content.decode()

        for text in (
            "Here we pull",
            "The countys word",
            "https://facebook.example/a",
            "https://facebook.example/network",
        ):
            assert text in page

    def test_some_members_are_shown_per_network_in_one_query(self, django_assert_num_queries) -> None:
        networks = [made.network(), made.network()]
        version = made.condition()
        for network in networks:
            for _place in range(3):
                made.admitted(network, version=version)

        with django_assert_num_queries(1):
            found = queries.some_members(networks, most=2)

        assert [len(found[network.pk]) for network in networks] == [2, 2]

    def test_my_page_lists_my_networks(self) -> None:
        network = made.network(name="Mine to look after")

        page = signed_in(made.convener(network)).get("/en/my/").content.decode()

        assert "Mine to look after" in page


api = NinjaAPI(urls_namespace="api-of-networks")
api.add_router("", router)
urlpatterns = [path("open/", api.urls), *site]


@pytest.mark.urls(__name__)
class TestApi:
    def test_networks_members_and_conditions_are_open(self, client: Client) -> None:
        network = made.network(contact_email="us@network.example")
        membership = made.admitted(network)
        made.condition(of=made.network(state=NetworkState.DRAFT), title="Of a draft")
        answers = {
            name: client.get(f"/open/{name}").json()["items"] for name in ("networks", "network-members", "conditions")
        }

        assert [row["slug"] for row in answers["networks"]] == [network.slug]
        assert answers["networks"][0]["municipalities"] == ["SE-1493"]
        assert [(row["actor"], row["condition_of"]) for row in answers["network-members"]] == [
            (membership.actor.slug, "SE-14")
        ]
        assert [row["title"] for row in answers["conditions"]] == ["The regional pledge"]
        assert "us@network.example" not in str(answers)

    def test_lists_come_in_pages(self, client: Client) -> None:
        networks = [made.network(), made.network()]

        first = client.get("/open/networks?limit=1").json()
        second = client.get(first["next"]).json()

        assert [row["slug"] for row in (*first["items"], *second["items"])] == [network.slug for network in networks]
        assert second["next"] is None

    @pytest.mark.parametrize(
        ("query", "count"), [("county=SE-14", 1), ("municipality=SE-1493", 1), ("county=SE-99", 0)]
    )
    def test_networks_are_chosen_by_place(self, client: Client, query: str, count: int) -> None:
        made.network()

        assert len(client.get(f"/open/networks?{query}").json()["items"]) == count


def test_no_network_can_take_a_word_that_an_address_begins_with() -> None:
    routes = [str(pattern.pattern) for pattern in networks_urls]
    routes += [
        str(route.pattern).removeprefix("networks/") for route in feeds_urls if "networks/" in str(route.pattern)
    ]
    words = {route.partition("/")[0] for route in routes}

    assert {word for word in words if word and not set(word) & set("<.")} - queries.RESERVED == set()


def test_a_hidden_member_count_does_not_grow_with_those_who_only_applied() -> None:
    network = made.network()
    made.admitted(network)
    made.membership(network, state="applied")

    assert queries.listed().get(pk=network.pk).member_count == 1


def test_a_network_reaches_into_every_county_of_its_area() -> None:
    skane = factories.county("12", "Skåne")
    osby = factories.area("1273", "Osby", of=skane)
    network = made.network(made.newspaper_area(factories.area(), osby))

    assert list(queries.of_county(skane)) == [network]
    assert {"area:se/osby", f"area:se/{skane.slug}", "area:se/mariestad", network.tag} <= queries.tags_of(network)


def test_moments_between_two_moves_give_each_its_own_notice() -> None:
    network = made.network(state=NetworkState.ACTIVE)
    by, other = made.convener(network), made.convener(network)
    for place, to in enumerate((NetworkState.RESTING, NetworkState.ACTIVE, NetworkState.RESTING)):
        operations.move_network(network=network, to=to, why="x", by=by, now=NOW + timedelta(days=place))

    assert OutboxMessage.objects.filter(to_user=other).count() == 3
