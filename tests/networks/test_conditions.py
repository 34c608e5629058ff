"""A condition is drafted, looked through and published; what is published never changes, and all concerned are told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from samkraft.networks.models import Condition, ConditionVersion, EvidenceKind, NetworkRole, NetworkState
from samkraft.networks.operations import conditions as operations
from samkraft.networks.operations.conditions import Wording
from samkraft.networks.queries import conditions as queries
from samkraft.networks.rules.conditions import Piece, changes, lasts_in_words
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache

from .. import factories
from .. import factories_networks as made
from ..factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wording(**fields: Any) -> Wording:
    return Wording(
        **{
            "title": "The pledge",
            "text": "<p>We halve our emissions.</p>",
            "evidence_kind": EvidenceKind.PLEDGE,
            **fields,
        }
    )


def drafted(**fields: Any) -> ConditionVersion:
    """A draft of Västra Götaland's condition by a coordinator of the county."""
    county = factories.county()
    by = fields.pop("by", None) or factories.coordinator(county)
    now = fields.pop("now", NOW)
    return operations.save_draft(condition=queries.of_county(county), wording=wording(**fields), by=by, now=now)


def posted(version: ConditionVersion | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "title": "The pledge",
        "text": "We halve our emissions.",
        "evidence_kind": "pledge",
        "lasts_months": "12",
        "seen": version.drafted_at.isoformat() if version else "",
        **fields,
    }


class TestWhichApplies:
    def test_without_any_condition_none_applies(self) -> None:
        assert queries.condition_for(made.network()) is None

    def test_a_draft_does_not_apply(self) -> None:
        drafted()

        assert queries.condition_for(made.network()) is None

    def test_the_networks_own_applies_while_the_county_has_none(self) -> None:
        network = made.network()
        own = made.condition(of=network)

        assert queries.condition_for(network) == own

    def test_the_countys_goes_before_the_networks_own_as_soon_as_it_is_published(self) -> None:
        network = made.network()
        made.condition(of=network)
        countys = made.condition()

        assert queries.condition_for(network) == countys

    def test_of_several_versions_the_newest_applies(self) -> None:
        made.condition()
        newest = made.condition(title="The new pledge")

        assert queries.condition_for(made.network()) == newest

    def test_another_countys_condition_does_not_apply(self) -> None:
        made.condition(county=factories.county("12", "Skåne"))

        assert queries.condition_for(made.network()) is None


class TestWriting:
    def test_a_coordinator_of_the_county_writes_a_draft_whose_text_is_sanitised(self) -> None:
        version = drafted(text="<p>We halve<script>alert(1)</script></p>")

        assert (version.number, version.published_at, version.text) == (1, None, "<p>We halve</p>")

    def test_nobody_else_can_write_it(self, cast) -> None:
        condition = queries.of_county(factories.county())

        with pytest.raises(Refused):
            operations.save_draft(condition=condition, wording=wording(), by=cast.owner, now=NOW)
        assert Condition.objects.count() == 0

    def test_a_convener_writes_the_networks_own_only_where_the_county_has_none(self) -> None:
        network = made.network()
        convener = made.convener(network)
        operations.save_draft(condition=queries.of_network(network), wording=wording(), by=convener, now=NOW)
        made.condition()

        with pytest.raises(Refused):
            operations.save_draft(
                condition=queries.of_network(network), wording=wording(title="Other"), by=convener, now=NOW, seen=NOW
            )

    def test_of_two_who_save_the_same_draft_the_second_is_told(self) -> None:
        version = drafted()
        by = factories.coordinator(factories.county())
        condition = queries.of_county(factories.county())
        operations.save_draft(condition=condition, wording=wording(title="First"), by=by, now=NOW + DAY, seen=NOW)

        with pytest.raises(Refused, match="Somebody else has just changed"):
            operations.save_draft(condition=condition, wording=wording(title="Second"), by=by, now=NOW + DAY, seen=NOW)
        version.refresh_from_db()
        assert version.title == "First"

    def test_there_is_one_draft_at_a_time(self) -> None:
        drafted()

        with pytest.raises(Refused, match="Somebody else has just begun"):
            drafted(title="Another")

    def test_a_draft_that_is_thrown_away_leaves_what_is_published(self) -> None:
        published = made.condition()
        version = drafted(title="New")

        operations.discard_draft(version=version, seen=NOW, by=version.drafted_by)

        assert list(ConditionVersion.objects.all()) == [published]

    def test_publishing_tells_conveners_and_contacts_of_members_once_each(self) -> None:
        network = made.network()
        convener = made.convener(network)
        membership = made.admitted(network)
        made.speaker(membership.actor, person=convener)
        contact = made.speaker(membership.actor)
        made.speaker(membership.actor, role="editor")
        version = drafted()

        operations.publish_draft(
            version=version, seen=NOW, by=version.drafted_by, now=NOW, to_be_met_by=NOW.date() + 30 * DAY
        )

        told = OutboxMessage.objects.filter(kind="networks.condition").values_list("to_user", flat=True)
        assert sorted(told) == sorted([convener.pk, contact.pk])
        assert version.to_be_met_by == NOW.date() + 30 * DAY

    def test_publishing_brings_the_members_dates_forward_at_once(self) -> None:
        membership = made.admitted()
        version = drafted()
        by = NOW.date() + 30 * DAY

        operations.publish_draft(version=version, seen=NOW, by=version.drafted_by, now=NOW, to_be_met_by=by)

        membership.refresh_from_db()
        assert (membership.state, membership.due_on) == ("admitted", by)

    @pytest.mark.parametrize("given", [None, NOW.date() + 13 * DAY, date(2030, 1, 1)])
    def test_a_new_version_needs_a_date_that_members_can_meet(self, given: date | None) -> None:
        made.admitted()
        version = drafted()

        with pytest.raises(Refused):
            operations.publish_draft(version=version, seen=NOW, by=version.drafted_by, now=NOW, to_be_met_by=given)
        version.refresh_from_db()
        assert version.published_at is None

    def test_publishing_what_has_changed_since_the_preview_is_refused(self) -> None:
        version = drafted()

        with pytest.raises(Refused):
            operations.publish_draft(version=version, seen=NOW - DAY, by=version.drafted_by, now=NOW)

    def test_publishing_makes_kept_pages_of_the_networks_places_stale(self) -> None:
        network = made.network()
        version = drafted()
        tags = [network.tag, "area:se/mariestad", "area:se/", f"area:se/{factories.county().slug}"]
        before = [page_cache.version_of([tag]) for tag in tags]

        operations.publish_draft(version=version, seen=NOW, by=version.drafted_by, now=NOW)

        assert [page_cache.version_of([tag]) - old for tag, old in zip(tags, before, strict=True)] == [1, 1, 1, 1]


class TestWords:
    def test_changes_name_what_went_before_what_came(self) -> None:
        assert changes("We halve it.", "We end it now.") == [
            Piece("same", "We "),
            Piece("removed", "halve it."),
            Piece("added", "end it now."),
        ]

    def test_equal_texts_are_one_piece(self) -> None:
        assert changes("As before.", "As before.") == [Piece("same", "As before.")]

    @pytest.mark.parametrize(("months", "words"), [(12, "one year"), (24, "2 years"), (6, "6 months"), (1, "1 month")])
    def test_how_long_it_lasts_is_said_in_words(self, months: int, words: str) -> None:
        assert lasts_in_words(months) == words


class TestPages:
    def test_everybody_reads_the_condition_with_all_versions_and_what_changed(self, client: Client) -> None:
        county = factories.county()
        made.condition(text="<p>We halve our emissions.</p>")
        made.condition(text="<p>We end our emissions.</p>")

        page = client.get(f"/en/networks/conditions/se/{county.slug}/").content.decode()

        assert "<del>halve </del><ins>end </ins>" in page
        assert 'id="version-1"' in page
        assert 'id="version-2"' in page

    def test_a_network_says_whose_condition_applies_and_since_when(self, client: Client) -> None:
        network = made.network()
        made.condition(of=network, title="Our own word")
        made.condition(title="The countys word")

        page = client.get(f"/en/networks/{network.slug}/condition/").content.decode()

        assert "has a condition since March 2, 2026" in page
        assert "Our own word" in page

    def test_a_draft_is_on_no_page_of_strangers(self, cast) -> None:
        drafted(title="Secret wording")
        network = made.network()
        county = factories.county()

        for address in (f"/en/networks/conditions/se/{county.slug}/", f"/en/networks/{network.slug}/condition/"):
            for who in ("visitor", "outsider", "member"):
                assert "Secret wording" not in cast.client(who).get(address).content.decode()

    @pytest.mark.parametrize("page", ["write", "preview", "discard"])
    def test_to_strangers_the_working_pages_do_not_exist(self, cast, page: str) -> None:
        county, network = factories.county(), made.network()

        for base in (f"conditions/se/{county.slug}", f"{network.slug}/condition"):
            statuses = cast.statuses(f"/en/networks/{base}/{page}/")
            assert {name: statuses[name] for name in ("member", "outsider", "visitor")} == {
                "member": 404,
                "outsider": 404,
                "visitor": 302,
            }

    @pytest.mark.parametrize("address", ["conditions/se/mariestad/", "conditions/se/nowhere/", "nowhere/condition/"])
    def test_what_is_no_county_and_no_network_has_no_condition(self, client: Client, address: str) -> None:
        assert client.get(f"/en/networks/{address}").status_code == 404

    def test_a_drafts_network_has_no_public_condition(self, client: Client) -> None:
        network = made.network(state=NetworkState.DRAFT)

        assert client.get(f"/en/networks/{network.slug}/condition/").status_code == 404

    def test_a_coordinator_writes_looks_through_and_publishes(self, client: Client) -> None:
        county = factories.county()
        client.force_login(factories.coordinator(county), backend="allauth.account.auth_backends.AuthenticationBackend")
        base = f"/en/networks/conditions/se/{county.slug}/"

        written = client.post(f"{base}write/", posted())
        assert (written.status_code, written.headers["Location"]) == (302, f"{base}preview/")
        version = ConditionVersion.objects.get()
        assert b"We halve our emissions." in client.get(f"{base}preview/").content
        published = client.post(f"{base}preview/", {"seen": version.drafted_at.isoformat()})

        assert (published.status_code, published.headers["Location"]) == (302, base)
        version.refresh_from_db()
        assert version.published_at is not None

    @pytest.mark.parametrize("seen", ["", "not a time", "2026-13-41", "2026-03-02T09:30:00"])
    def test_publishing_without_the_mark_of_what_was_seen_publishes_nothing(self, client: Client, seen: str) -> None:
        version = drafted()
        client.force_login(version.drafted_by, backend="allauth.account.auth_backends.AuthenticationBackend")

        answer = client.post(f"/en/networks/conditions/se/{factories.county().slug}/preview/", {"seen": seen})

        version.refresh_from_db()
        assert (answer.status_code, version.published_at) == (200, None)

    def test_a_link_that_runs_a_script_is_refused(self, client: Client) -> None:
        client.force_login(
            factories.coordinator(factories.county()), backend="allauth.account.auth_backends.AuthenticationBackend"
        )

        answer = client.post(
            f"/en/networks/conditions/se/{factories.county().slug}/write/", posted(pledge_url="javascript:alert(1)")
        )

        assert (answer.status_code, ConditionVersion.objects.count()) == (200, 0)

    def test_the_page_asks_as_much_for_three_versions_as_for_one(
        self, client: Client, django_assert_max_num_queries
    ) -> None:
        county = factories.county()
        made.condition()
        address = f"/en/networks/conditions/se/{county.slug}/"
        with django_assert_max_num_queries(12) as one:
            client.get(address)
        made.condition()
        made.condition()
        with django_assert_max_num_queries(12) as three:
            client.get(f"{address}?again")
        assert len(three.captured_queries) == len(one.captured_queries)


class TestAtOnce:
    def test_two_who_publish_at_once_publish_it_once(self, at_once) -> None:
        version = drafted()
        by = [version.drafted_by, factories.coordinator(factories.county())]
        made.convener(made.network(), role=NetworkRole.CONVENER)

        def publish(place: int) -> Any:
            found = ConditionVersion.objects.select_related("condition__county__parent").get(pk=version.pk)
            return operations.publish_draft(version=found, seen=NOW, by=by[place], now=NOW)

        results = at_once(publish, 2)

        assert sorted(type(result).__name__ for result in results) == ["ConditionVersion", "Refused"]
        assert OutboxMessage.objects.filter(kind="networks.condition").count() == 1

    def test_two_who_begin_a_draft_at_once_have_one(self, at_once) -> None:
        county = factories.county()
        by = [factories.coordinator(county), factories.coordinator(county)]

        def save(place: int) -> Any:
            condition = queries.of_county(county)
            return operations.save_draft(condition=condition, wording=wording(), by=by[place], now=NOW)

        results = at_once(save, 2)

        assert sorted(type(result).__name__ for result in results) == ["ConditionVersion", "Refused"]
