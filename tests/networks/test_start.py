"""A network is started step by step in a draft that only its maker sees, and begins once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.networks.models import (
    Actor,
    ConditionVersion,
    Network,
    NetworkOffer,
    NetworkPerson,
    NetworkState,
)
from samkraft.networks.operations import conditions as condition_operations
from samkraft.networks.operations import start as operations
from samkraft.networks.operations.conditions import Wording
from samkraft.networks.queries import conditions as condition_queries
from samkraft.networks.queries import start as queries
from samkraft.notices.models import OutboxMessage
from samkraft.people.models import User
from samkraft.places.models import NewspaperArea
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused

from .. import factories
from .. import factories_networks as made
from ..factories import NOW

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STEPS = ("area", "actor", "people", "about", "condition", "begin")


def whole_draft(by: User | None = None, *, area: NewspaperArea | None = None, **fields: Any) -> Network:
    """A draft in which every step but the condition has its answer."""
    by = by or factories.user()
    convener: Actor = made.actor()
    made.speaker(convener, person=by)
    draft = operations.begin_draft(by=by, now=NOW)
    operations.choose_area(network=draft, area=area or made.newspaper_area(), county=factories.county(), by=by, now=NOW)
    operations.choose_convener(network=draft, actor=convener, by=by, now=NOW)
    people = {"shown": True, "edits": True, "editors": fields.pop("editors", [])}
    operations.choose_people(network=draft, people=people, contact_email="", by=by, now=NOW)
    texts = {"name": "Mariestad pulls together", "description": "<p>We are many.</p>", **fields}
    operations.describe(network=draft, fields=texts, by=by, now=NOW)
    draft.refresh_from_db()
    return draft


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


class TestDraft:
    def test_somebody_has_at_most_a_few_drafts(self) -> None:
        by = factories.user()
        for _place in range(operations.MOST_DRAFTS):
            operations.begin_draft(by=by, now=NOW)

        with pytest.raises(Refused, match="several drafts"):
            operations.begin_draft(by=by, now=NOW)

    def test_an_area_that_has_a_network_cannot_be_chosen(self) -> None:
        network, by = made.network(), factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        with pytest.raises(Refused, match="join it instead"):
            operations.choose_area(
                network=draft, area=network.newspaper_area, county=factories.county(), by=by, now=NOW
            )

    def test_an_area_whose_newspaper_is_gone_is_neither_offered_nor_chosen(self) -> None:
        ended = made.newspaper_area(ended_on=NOW.date())
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        assert ended not in [choice.area for choice in queries.area_choices("Mariestad")[1]]
        with pytest.raises(Refused):
            operations.choose_area(network=draft, area=ended, county=factories.county(), by=by, now=NOW)

    def test_a_draft_whose_newspaper_is_gone_meanwhile_does_not_begin(self) -> None:
        made.condition()
        draft = whole_draft()
        NewspaperArea.objects.filter(pk=draft.newspaper_area_id).update(ended_on=NOW.date())

        with pytest.raises(Refused):
            operations.begin(network=draft, by=draft.created_by, now=NOW)

    def test_a_county_that_the_area_does_not_reach_into_cannot_be_chosen(self) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)
        skane = factories.county("12", "Skåne")

        with pytest.raises(Refused, match="reaches into"):
            operations.choose_area(network=draft, area=made.newspaper_area(), county=skane, by=by, now=NOW)

    def test_only_an_actor_of_ones_own_convenes(self) -> None:
        by, another = factories.user(), made.actor()
        made.speaker(another, person=by, role="editor")
        draft = operations.begin_draft(by=by, now=NOW)

        with pytest.raises(Refused, match="contact of"):
            operations.choose_convener(network=draft, actor=another, by=by, now=NOW)

    def test_what_others_write_into_a_draft_is_refused(self) -> None:
        draft, stranger = operations.begin_draft(by=factories.user(), now=NOW), factories.steward()

        with pytest.raises(Refused):
            operations.describe(network=draft, fields={"name": "Theirs"}, by=stranger, now=NOW)

    def test_the_steps_that_have_their_answer_are_known(self) -> None:
        draft = whole_draft()

        assert queries.done_steps(draft) == {"area", "actor", "people", "about"}
        made.condition()
        assert queries.first_open(queries.done_steps(draft)) == "begin"

    def test_nobody_is_invited_before_the_network_begins(self) -> None:
        whole_draft(editors=["second@example.org"])

        assert (NetworkOffer.objects.count(), OutboxMessage.objects.count()) == (0, 0)

    def test_a_draft_that_is_thrown_away_is_gone_from_its_makers_list(self) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        operations.discard(network=draft, by=by, now=NOW)

        assert signed_in(by).get(reverse("networks:start_area", args=[draft.pk])).status_code == 404


class TestBegin:
    def test_a_network_begins_with_its_people_and_invitations(self) -> None:
        made.condition()
        by = factories.user()
        draft = whole_draft(by, editors=["second@example.org", by.email])

        begun = operations.begin(network=draft, by=by, now=NOW)

        roles = NetworkPerson.objects.filter(network=begun, user=by, is_public=True).values_list("role", flat=True)
        assert sorted(roles) == ["contact", "convener", "editor"]
        assert list(NetworkOffer.objects.values_list("email", "role")) == [("second@example.org", "editor")]
        assert (begun.state, begun.slug, begun.begun_at) == (NetworkState.FORMING, "mariestad-pulls-together", NOW)
        assert [move.to_state for move in TransitionLog.objects.of(begun)] == ["forming"]

    def test_the_countys_coordinators_hear_of_it(self) -> None:
        made.condition()
        coordinator = factories.coordinator(factories.county())
        draft = whole_draft()

        operations.begin(network=draft, by=draft.created_by, now=NOW)

        assert list(OutboxMessage.objects.values_list("to_user", flat=True)) == [coordinator.pk]

    def test_a_name_is_suggested_from_the_places_where_the_area_has_only_the_newspapers_name(self) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)
        area = made.newspaper_area(
            factories.area(), factories.area("1473", "Töreboda"), name="The Paper", newspaper="The Paper"
        )
        assert queries.suggested_name(draft) == ""
        operations.choose_area(network=draft, area=area, county=factories.county(), by=by, now=NOW)
        draft.refresh_from_db()

        assert queries.suggested_name(draft) == "Mariestad, Töreboda"

    def test_where_the_county_has_no_condition_its_own_is_published_as_it_begins(self) -> None:
        by = factories.user()
        draft = whole_draft(by)
        with pytest.raises(Refused, match="own first"):
            operations.begin(network=draft, by=by, now=NOW)
        own = condition_queries.of_network(draft)
        wording = Wording(title="Ours", text="<p>We try.</p>", evidence_kind="document")
        condition_operations.save_draft(condition=own, wording=wording, by=by, now=NOW)

        begun = operations.begin(network=draft, by=by, now=NOW)

        assert condition_queries.condition_for(begun) == ConditionVersion.objects.get(published_at=NOW)

    @pytest.mark.parametrize(
        ("name", "slug"),
        [("Start", "start-2"), ("Actors", "actors-2"), ("Draft 1", "network-draft-1"), ("???", "network")],
    )
    def test_no_network_takes_the_address_of_a_page(self, name: str, slug: str) -> None:
        made.condition()
        draft = whole_draft(name=name)

        assert operations.begin(network=draft, by=draft.created_by, now=NOW).slug == slug

    def test_a_draft_with_something_missing_does_not_begin(self) -> None:
        made.condition()
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        with pytest.raises(Refused, match="newspaper area"):
            operations.begin(network=draft, by=by, now=NOW)

    def test_a_network_begins_once(self) -> None:
        made.condition()
        draft = whole_draft()
        operations.begin(network=draft, by=draft.created_by, now=NOW)

        with pytest.raises(Refused, match="has begun"):
            operations.begin(network=draft, by=draft.created_by, now=NOW)

    def test_of_two_networks_for_one_area_the_second_is_told(self) -> None:
        made.condition()
        area = made.newspaper_area()
        first, second = whole_draft(area=area), whole_draft(area=area)
        operations.begin(network=first, by=first.created_by, now=NOW)

        with pytest.raises(Refused, match="meanwhile"):
            operations.begin(network=second, by=second.created_by, now=NOW)
        second.refresh_from_db()
        assert second.state == NetworkState.DRAFT

    def test_two_networks_for_one_area_at_once_make_one(self, at_once) -> None:
        made.condition()
        area = made.newspaper_area()
        drafts = [whole_draft(area=area), whole_draft(area=area, name="Another name")]

        def begin(place: int) -> Any:
            return operations.begin(network=drafts[place], by=drafts[place].created_by, now=NOW)

        results = at_once(begin, 2)

        assert sorted(type(result).__name__ for result in results) == ["Network", "Refused"]
        assert Network.objects.open().count() == 1

    def test_beginning_twice_at_once_begins_once(self, at_once) -> None:
        made.condition()
        draft = whole_draft()

        def begin(place: int) -> Any:
            return operations.begin(network=draft, by=draft.created_by, now=NOW)

        results = at_once(begin, 2)

        assert sorted(type(result).__name__ for result in results) == ["Network", "Refused"]
        assert NetworkPerson.objects.filter(network=draft, role="convener").count() == 1


class TestPages:
    def test_everybody_reads_what_it_takes_to_start(self, cast) -> None:
        assert set(cast.statuses("/en/networks/start/").values()) == {200}

    @pytest.mark.parametrize("step", [*STEPS, "propose", "discard"])
    def test_a_draft_exists_for_nobody_but_its_maker(self, cast, step: str) -> None:
        draft = operations.begin_draft(by=cast.member, now=NOW)

        assert cast.statuses(reverse(f"networks:start_{step}", args=[draft.pk])) == {
            "owner": 404,
            "member": 200,
            "outsider": 404,
            "steward": 404,
            "visitor": 302,
        }

    def test_a_draft_has_no_public_page(self, cast) -> None:
        draft = operations.begin_draft(by=cast.member, now=NOW)

        assert set(cast.statuses(f"/en/networks/{draft.slug}/").values()) == {404}

    def test_a_network_that_has_begun_is_no_draft_any_more(self) -> None:
        network = made.network()

        client = signed_in(network.created_by)

        assert client.get(reverse("networks:start_about", args=[network.pk])).status_code == 404

    def test_the_whole_way_from_a_municipality_to_a_network(self) -> None:
        made.condition()
        area, actor, user = made.newspaper_area(), made.actor(), factories.user()
        made.speaker(actor, person=user)
        client = signed_in(user)

        answer = client.post("/en/networks/start/new/", {"place": "Mariestad"})
        draft = Network.objects.get(created_by=user)
        assert answer.headers["Location"] == f"/en/networks/start/{draft.pk}/where/?q=Mariestad"
        assert area.name in client.get(answer.headers["Location"]).content.decode()
        given = {
            "area": {"area": area.pk, "county": factories.county().pk},
            "actor": {"actor": actor.pk},
            "people": {"edits": "on", "editor_1": "second@example.org"},
            "about": {"name": "Ours", "description": "We are many.", "variant": "mini"},
        }
        for place, (step, data) in enumerate(given.items()):
            answer = client.post(reverse(f"networks:start_{step}", args=[draft.pk]), data)
            assert answer.headers["Location"] == reverse(f"networks:start_{STEPS[place + 1]}", args=[draft.pk])
        assert b"The regional pledge" in client.get(answer.headers["Location"]).content
        answer = client.post(reverse("networks:start_begin", args=[draft.pk]))

        assert answer.headers["Location"] == "/en/networks/ours/#checklist"
        assert b"What to do first" in client.get("/en/networks/ours/").content

    def test_coming_back_leads_to_where_one_left_off(self) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)
        address = reverse("networks:start_draft", args=[draft.pk])
        assert signed_in(by).get(address).headers["Location"] == reverse("networks:start_area", args=[draft.pk])
        county = factories.county()
        operations.choose_area(network=draft, area=made.newspaper_area(), county=county, by=by, now=NOW)

        assert signed_in(by).get(address).headers["Location"] == reverse("networks:start_actor", args=[draft.pk])
        assert signed_in(factories.user()).get(address).status_code == 404

    def test_the_networks_own_condition_is_written_on_the_way(self) -> None:
        draft = whole_draft()
        client = signed_in(draft.created_by)
        address = reverse("networks:start_condition", args=[draft.pk])
        data = {"title": "Ours", "text": "We try.", "evidence_kind": "document", "lasts_months": "12"}

        answer = client.post(address, data)

        assert answer.headers["Location"] == reverse("networks:start_begin", args=[draft.pk])
        assert b"We try." in client.get(answer.headers["Location"]).content

    def test_an_area_with_a_network_leads_to_it(self) -> None:
        network = made.network()
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        page = signed_in(by).get(reverse("networks:start_area", args=[draft.pk]), {"q": "Mariestad"})

        assert f'href="/en/networks/{network.slug}/"' in page.content.decode()

    @pytest.mark.parametrize("data", [{}, {"area": "x"}, {"area": "999999999", "county": "1"}, {"area": "9" * 30}])
    def test_a_made_up_area_does_not_exist(self, data: dict[str, str]) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        assert signed_in(by).post(reverse("networks:start_area", args=[draft.pk]), data).status_code == 404

    def test_another_persons_actor_cannot_be_chosen_by_its_id(self) -> None:
        by, theirs = factories.user(), made.actor()
        made.speaker(theirs)
        draft = operations.begin_draft(by=by, now=NOW)

        answer = signed_in(by).post(reverse("networks:start_actor", args=[draft.pk]), {"actor": theirs.pk})

        draft.refresh_from_db()
        assert (answer.status_code, draft.convener) == (200, None)

    def test_a_network_without_any_editor_is_refused(self) -> None:
        by = factories.user()
        draft = operations.begin_draft(by=by, now=NOW)

        answer = signed_in(by).post(reverse("networks:start_people", args=[draft.pk]), {"shown": "on"})

        assert b"at least one editor" in answer.content

    def test_a_missing_area_is_proposed_to_coordinators_and_stewards(self, cast) -> None:
        coordinator = factories.coordinator(factories.county())
        draft = operations.begin_draft(by=cast.outsider, now=NOW)
        data = {"newspaper": "Mariestads-Tidningen", "places": "Mariestad, Töreboda"}

        cast.client("outsider").post(reverse("networks:start_propose", args=[draft.pk]), data)

        told = OutboxMessage.objects.filter(kind="networks.proposal").values_list("to_user", flat=True)
        assert sorted(told) == sorted([coordinator.pk, cast.steward.pk])

    def test_my_page_lists_ones_drafts(self) -> None:
        draft = whole_draft()

        page = signed_in(draft.created_by).get("/en/my/").content.decode()

        assert reverse("networks:start_draft", args=[draft.pk]) in page

    @pytest.mark.parametrize("step", STEPS)
    def test_a_step_asks_the_database_little(self, step: str, django_assert_max_num_queries) -> None:
        draft = whole_draft()
        client = signed_in(draft.created_by)

        with django_assert_max_num_queries(14):
            client.get(reverse(f"networks:start_{step}", args=[draft.pk]))
