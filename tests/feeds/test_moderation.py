"""Readers report posts without an account; those who look after the place decide, and all concerned are told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samkraft.feeds.models import Decision, ModerationDecision, Post, PostState
from samkraft.feeds.operations import moderation, posts
from samkraft.feeds.operations.posts import NotAllowed
from samkraft.feeds.queries.moderation import looked_after_by, moderators_of, reported
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import MessageState, VisitorMessage
from samkraft.records.refusals import Refused
from tests import factories, factories_networks, factories_posts
from tests.factories import NOW
from tests.factories_posts import published


def report(post, text="It is untrue.", email=""):
    return moderation.receive_report(post=post, text=text, email=email, language="en", now=NOW)


def decide(operation, post, by, seen=10**9, why="We looked.", answer="Thank you."):
    return operation(post=post, why=why, answer=answer, seen=seen, by=by, now=NOW)


@pytest.mark.django_db
class TestWhoLooksAfter:
    def test_post_is_looked_after_by_its_places_and_network(self, cast):
        network = factories_networks.network()
        county_coordinator = factories.coordinator(cast.area.parent)
        elsewhere = factories.coordinator(factories.area("1473", "Töreboda"))
        convener = factories_networks.convener(network)
        local = published(*factories_posts.editor())
        wide = factories_networks.post(network, municipality=None, network=network, in_network_feed=True)
        county_wide = factories_networks.post(cast.area.parent, municipality=None)
        found = {
            name: set(looked_after_by(person))
            for name, person in {
                "municipality": cast.owner,
                "county": county_coordinator,
                "neighbour": elsewhere,
                "convener": convener,
                "officer": cast.member,
                "outsider": cast.outsider,
                "steward": cast.steward,
            }.items()
        }
        assert found == {
            "municipality": {local},
            "county": {local, wide, county_wide},
            "neighbour": set(),
            "convener": {wide},
            "officer": set(),
            "outsider": set(),
            "steward": {local, wide, county_wide},
        }
        assert moderators_of(local) == [cast.owner, county_coordinator]
        assert moderators_of(wide) == [county_coordinator, convener]

    def test_report_tells_stewards_and_those_who_look_after_the_place(self, cast):
        post = published(*factories_posts.editor())
        message = report(post, email="eva@example.org")
        told = OutboxMessage.objects.values_list("to_user__email", "kind")
        assert set(told) == {
            ("owner@example.org", "feeds.report"),
            ("steward@example.org", "people.visitor_message"),
        }
        assert (message.subject, list(reported(cast.owner))) == (post, [post])


@pytest.mark.django_db
class TestDeciding:
    def test_kept_post_stays_and_those_who_reported_it_are_answered(self, cast):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        report(post, email="eva@example.org")
        report(post)
        decision = decide(moderation.keep_post, post, cast.owner)
        post.refresh_from_db()
        assert (post.state, decision.decision, decision.why) == (PostState.PUBLISHED, Decision.KEPT, "We looked.")
        assert set(VisitorMessage.objects.values_list("state", "answer")) == {(MessageState.REJECTED, "Thank you.")}
        assert OutboxMessage.objects.get(kind="people.answer").to_address == "eva@example.org"
        assert not OutboxMessage.objects.filter(to_user=person).exists()

    def test_unpublished_post_is_gone_and_its_author_is_told_why(self, cast):
        actor, person = factories_posts.editor()
        colleague = factories_networks.speaker(actor)
        post = published(actor, person)
        report(post)
        decide(moderation.unpublish_post, post, cast.owner, why="It names a child.")
        post.refresh_from_db()
        told = OutboxMessage.objects.filter(kind="feeds.moderation")
        assert (post.state, post.unpublished_why) == (PostState.UNPUBLISHED, "It names a child.")
        assert {message.to_user for message in told} == {person, colleague}
        assert all("It names a child." in message.text for message in told)
        assert VisitorMessage.objects.get().state == MessageState.DONE

    def test_restored_post_stands_at_its_old_place(self, cast):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        posts.unpublish_own(post=post, why="Oops.", by=person, now=NOW)
        moderation.restore_post(post=post, why="It was right.", by=cast.owner, now=NOW)
        restored = Post.objects.get()
        assert (restored.state, restored.published_at, restored.unpublished_why) == (PostState.PUBLISHED, NOW, "")
        assert OutboxMessage.objects.get(kind="feeds.moderation").to_user == person

    def test_author_does_not_restore_what_was_unpublished(self):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        posts.unpublish_own(post=post, why="Oops.", by=person, now=NOW)
        with pytest.raises(NotAllowed):
            moderation.restore_post(post=post, why="I changed my mind.", by=person, now=NOW)

    def test_nobody_else_decides(self, cast):
        post = published(*factories_posts.editor())
        report(post)
        for by in (cast.member, cast.outsider, factories_posts.editor()[1]):
            for operation in (moderation.keep_post, moderation.unpublish_post):
                with pytest.raises(NotAllowed):
                    decide(operation, post, by)
        assert ModerationDecision.objects.count() == 0

    def test_report_that_came_while_deciding_stays_open(self, cast):
        post = published(*factories_posts.editor())
        seen = report(post).pk
        later = report(post, text="Another matter.")
        decide(moderation.keep_post, post, cast.owner, seen=seen)
        assert VisitorMessage.objects.open().get() == later

    def test_deciding_needs_a_reason(self, cast):
        post = published(*factories_posts.editor())
        report(post)
        with pytest.raises(Refused, match="Write why"):
            decide(moderation.unpublish_post, post, cast.owner, why="  ")
        post.refresh_from_db()
        assert (post.state, VisitorMessage.objects.open().count()) == (PostState.PUBLISHED, 1)


@pytest.mark.django_db
class TestPages:
    def test_visitor_reports_a_post_without_an_account(self, client: Client):
        post = published(*factories_posts.editor())
        url = f"/en/posts/{post.pk}/report/"
        assert post.title in client.get(url).text
        answer = client.post(url, {"text": "It is untrue.", "email": "eva@example.org", "website": ""})
        assert answer["Location"] == "/en/posts/reported/"
        assert client.get(answer["Location"]).status_code == 200
        message = VisitorMessage.objects.get()
        assert (message.subject, message.email, message.text) == (post, "eva@example.org", "It is untrue.")

    def test_program_that_fills_in_the_trap_is_thanked_and_forgotten(self, client: Client):
        post = published(*factories_posts.editor())
        client.post(f"/en/posts/{post.pk}/report/", {"text": "Buy!", "website": "https://spam.example"})
        assert VisitorMessage.objects.count() == 0

    def test_sixth_report_in_an_hour_waits(self, client: Client):
        url = f"/en/posts/{published(*factories_posts.editor()).pk}/report/"
        statuses = [client.post(url, {"text": f"Number {number}"}).status_code for number in range(6)]
        assert (statuses, VisitorMessage.objects.count()) == ([302] * 5 + [429], 5)

    def test_what_is_not_published_cannot_be_reported(self, client: Client):
        actor, person = factories_posts.editor()
        for post in (factories_posts.draft(actor, person), factories_posts.unpublished()):
            assert client.get(f"/en/posts/{post.pk}/report/").status_code == 404

    def test_pages_open_for_those_who_look_after_the_post(self, cast):
        post = published(*factories_posts.editor())
        expected = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}
        assert cast.statuses("/en/moderation/") == expected
        assert cast.statuses(f"/en/moderation/{post.pk}/") == expected

    def test_draft_is_not_looked_after(self, cast):
        post = factories_posts.draft(*factories_posts.editor())
        assert set(cast.statuses(f"/en/moderation/{post.pk}/").values()) == {404, 302}

    def test_queue_asks_the_same_of_the_database_for_one_post_as_for_three(self, cast):
        client, url = cast.client("owner"), "/en/moderation/"

        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            return len(captured)

        report(published(*factories_posts.editor()))
        one = queries()
        for _ in range(2):
            report(published(*factories_posts.editor()))
        assert (queries(), one <= 12) == (one, True)

    def test_post_is_decided_about_by_the_page(self, cast):
        post = published(*factories_posts.editor())
        seen = report(post).pk
        client, url = cast.client("owner"), f"/en/moderation/{post.pk}/"
        asked = {"step": "decide", "seen": seen, "decision": "unpublished", "why": "It is untrue.", "answer": "Thanks."}
        assert "It is untrue." in client.get(url).text
        assert client.post(url, {**asked, "why": ""}).status_code == 200
        assert client.post(url, asked)["Location"] == url
        post.refresh_from_db()
        assert post.state == PostState.UNPUBLISHED
        for show in ("unpublished", "decisions"):
            assert post.title in client.get(f"/en/moderation/?show={show}").text
        assert client.post(url, {"step": "restore", "why": "It was true."})["Location"] == url
        post.refresh_from_db()
        assert post.state == PostState.PUBLISHED

    def test_decision_that_comes_late_is_never_taken_for_another(self, cast):
        post = published(*factories_posts.editor())
        seen = report(post).pk
        client, url = cast.client("steward"), f"/en/moderation/{post.pk}/"
        asked = {"step": "decide", "seen": seen, "decision": "unpublished", "why": "It is untrue."}
        cast.client("owner").post(url, asked)
        told = client.post(url, asked, follow=True).text
        post.refresh_from_db()
        assert ("Somebody else has just handled" in told, post.state) == (True, PostState.UNPUBLISHED)
        assert ModerationDecision.objects.count() == 1

    def test_post_without_a_report_is_unpublished_too(self, cast):
        post = published(*factories_posts.editor())
        url = f"/en/moderation/{post.pk}/"
        cast.client("owner").post(url, {"step": "unpublish", "seen": 0, "why": "It is an advertisement."})
        post.refresh_from_db()
        assert post.unpublished_why == "It is an advertisement."

    def test_my_page_says_what_awaits(self, cast):
        report(published(*factories_posts.editor()))
        assert "1 reported post" in cast.client("owner").get("/en/my/").text
        assert "reported post" not in cast.client("outsider").get("/en/my/").text


class TestAtOnce:
    def test_of_two_who_decide_at_once_one_is_told(self, at_once):
        moderators = [factories.coordinator(factories.area()), factories.steward()]
        post = published(*factories_posts.editor())
        report(post)
        results = at_once(lambda place: decide(moderation.unpublish_post, post, moderators[place]), 2)
        assert sorted(type(result).__name__ for result in results) == ["IllegalMove", "ModerationDecision"]
        assert VisitorMessage.objects.get().state == MessageState.DONE

    def test_one_keeps_and_another_unpublishes_at_once(self, at_once):
        moderators = [factories.coordinator(factories.area()), factories.steward()]
        post = published(*factories_posts.editor())
        report(post)
        operations = [moderation.keep_post, moderation.unpublish_post]
        results = at_once(lambda place: decide(operations[place], post, moderators[place]), 2)
        post = Post.objects.get()
        kept = [type(result).__name__ for result in results]
        assert kept in (["IllegalMove", "ModerationDecision"], ["ModerationDecision", "ModerationDecision"])
        assert (post.state, VisitorMessage.objects.open().count()) == (PostState.UNPUBLISHED, 0)
