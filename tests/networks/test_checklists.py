"""What is left to do for a network and for a county: told by the data, ticked by people, added to by apps above."""

from collections.abc import Iterator

import pytest
from django.test import Client

from samkraft.networks.models import Network
from samkraft.networks.queries import networks_checklists as lists
from samkraft.places.models import AreaLink, LinkKind
from samkraft.records import checklists
from samkraft.records.checklists import Point

from .. import factories
from .. import factories_networks as made

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def done(network: Network) -> set[str]:
    states = checklists.states(lists.checklist(lists.NETWORK), network)
    return {state.point.key for state in states if state.is_done}


@pytest.fixture
def one_more_point() -> Iterator[Point]:
    point = Point("test_point", "A test", "Of a point from above", done=lambda network: True)
    lists.add_point(lists.NETWORK, 70, point)
    yield point
    lists._points[lists.NETWORK].remove((70, point))


def test_a_new_network_has_everything_left_to_do() -> None:
    keys = {"contact", "editors", "described", "condition", "first_actor", "meeting", "facebook", "newspaper", "total"}

    assert done(made.network()) & keys == set()


def test_points_are_told_by_the_data() -> None:
    network = made.network(description="<p>x</p>", organisation="<p>y</p>", variant="total")
    made.convener(network, role="contact")
    made.convener(network, role="editor")
    made.convener(network, role="editor")
    made.admitted(network)
    AreaLink.objects.create(
        area=factories.area(), kind=LinkKind.FACEBOOK, title="Ours", url="https://facebook.example/a"
    )

    told = {"contact", "editors", "described", "condition", "first_actor", "facebook", "total"}
    assert done(network) & (told | {"meeting", "newspaper"}) == told


def test_one_person_with_two_roles_is_one_editor() -> None:
    network = made.network()
    editor = made.convener(network, role="editor")
    made.convener(network, person=editor, role="contact")

    assert "editors" not in done(network)


def test_an_app_above_adds_a_point_of_its_own(one_more_point: Point) -> None:
    keys = [point.key for point in lists.checklist(lists.NETWORK).points]

    assert keys.index("meeting") < keys.index("test_point") < keys.index("facebook")
    with pytest.raises(ValueError, match="already"):
        lists.add_point(lists.NETWORK, 1, one_more_point)


def test_every_point_leads_to_where_it_is_done_or_is_ticked_by_hand() -> None:
    states = checklists.states(lists.checklist(lists.NETWORK), made.network())

    assert [state.point.key for state in states if not state.url and state.point.done is not None] == []


class TestPages:
    def test_only_what_a_person_tells_has_a_button(self, client: Client) -> None:
        network = made.network()
        client.force_login(made.convener(network), backend=BACKEND)
        by_hand = [point for point in lists.checklist(lists.NETWORK).points if point.done is None]

        page = client.get(f"/en/networks/{network.slug}/").content.decode()

        assert page.count(">Mark as done<") == len(by_hand)

    def test_a_convener_ticks_and_unticks_what_only_a_person_can_tell(self, client: Client) -> None:
        network = made.network()
        client.force_login(made.convener(network), backend=BACKEND)
        address = f"/en/networks/{network.slug}/tick/"

        client.post(address, {"point": "newspaper", "done": "1"})
        assert "newspaper" in done(network)
        client.post(address, {"point": "newspaper", "done": "0"})
        assert "newspaper" not in done(network)

    @pytest.mark.parametrize("point", ["contact", "", "nonsense"])
    def test_what_the_data_tells_cannot_be_ticked(self, client: Client, point: str) -> None:
        network = made.network()
        client.force_login(made.convener(network), backend=BACKEND)

        assert client.post(f"/en/networks/{network.slug}/tick/", {"point": point, "done": "1"}).status_code == 404

    def test_the_list_is_on_the_page_of_those_who_convene_and_of_nobody_else(self, cast) -> None:
        network = made.network()
        made.convener(network, person=cast.member)
        made.convener(network, person=cast.owner, role="editor")

        shown = {
            who: b"What to do first" in cast.client(who).get(f"/en/networks/{network.slug}/").content
            for who in ("owner", "member", "outsider", "steward", "visitor")
        }

        assert shown == {"owner": False, "member": True, "outsider": False, "steward": True, "visitor": False}

    def test_the_page_with_the_list_stays_within_its_queries(
        self, client: Client, django_assert_max_num_queries
    ) -> None:
        network = made.network()
        client.force_login(made.convener(network), backend=BACKEND)

        with django_assert_max_num_queries(40):
            client.get(f"/en/networks/{network.slug}/")


class TestCounty:
    def test_its_page_is_for_its_coordinators(self, cast) -> None:
        county = factories.county()
        factories.coordinator(county, person=cast.outsider)

        assert cast.statuses(f"/en/networks/counties/se/{county.slug}/") == {
            "owner": 404,
            "member": 404,
            "outsider": 200,
            "steward": 200,
            "visitor": 302,
        }

    def test_a_second_coordinator_is_told_by_the_data(self) -> None:
        county = factories.county()
        factories.coordinator(county)
        states = {state.point.key: state.is_done for state in checklists.states(lists.checklist(lists.COUNTY), county)}
        assert (states["contact"], states["administrator"], states["condition"]) == (True, False, False)
        factories.coordinator(county)
        states = {state.point.key: state.is_done for state in checklists.states(lists.checklist(lists.COUNTY), county)}
        assert states["administrator"] is True

    def test_a_coordinator_ticks_adds_and_removes_facebook_pages(self, client: Client) -> None:
        county, area = factories.county(), factories.area()
        client.force_login(factories.coordinator(county), backend=BACKEND)
        base = f"/en/networks/counties/se/{county.slug}/"

        client.post(f"{base}tick/", {"point": "forwarding", "done": "1"})
        page = {"area": area.pk, "title": "Mariestads omställning", "url": "https://facebook.example/m"}
        assert client.post(base, page).status_code == 302
        link = AreaLink.objects.get(area=area, kind=LinkKind.FACEBOOK)
        assert "already" in client.post(base, page).content.decode()
        removed = client.post(f"/en/networks/counties/facebook/{link.pk}/remove/")

        assert (removed.headers["Location"], AreaLink.objects.filter(pk=link.pk).exists()) == (base, False)
        states = {state.point.key: state.is_done for state in checklists.states(lists.checklist(lists.COUNTY), county)}
        assert states["forwarding"] is True

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://facebook.example/"])
    def test_a_link_that_is_no_web_page_is_refused(self, client: Client, url: str) -> None:
        county = factories.county()
        client.force_login(factories.coordinator(county), backend=BACKEND)

        client.post(f"/en/networks/counties/se/{county.slug}/", {"area": county.pk, "title": "x", "url": url})

        assert AreaLink.objects.filter(area=county).count() == 0

    def test_the_pages_of_another_county_cannot_be_added_to_or_removed_by_their_ids(self, client: Client) -> None:
        client.force_login(factories.coordinator(factories.county()), backend=BACKEND)
        other = factories.area("1273", "Osby", of=factories.county("12", "Skåne"))
        link = AreaLink.objects.create(area=other, kind=LinkKind.FACEBOOK, title="x", url="https://facebook.example/o")
        homepage = AreaLink.objects.create(
            area=factories.area(), kind=LinkKind.HOMEPAGE, title="x", url="https://mariestad.example/"
        )

        for pk in (link.pk, homepage.pk, 999_999_999):
            assert client.post(f"/en/networks/counties/facebook/{pk}/remove/").status_code == 404
        data = {"area": other.pk, "title": "y", "url": "https://facebook.example/y"}
        client.post(f"/en/networks/counties/se/{factories.county().slug}/", data)
        assert AreaLink.objects.filter(area=other).count() == 1
