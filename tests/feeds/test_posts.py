"""Posts are written by those who may, published once, edited without loss, and gone at once when taken back."""

from datetime import timedelta

import pytest

from samkraft.feeds.models import Post, PostState
from samkraft.feeds.operations import posts
from samkraft.feeds.operations.posts import ChangedMeanwhile, Content, NotAllowed
from samkraft.feeds.operations.posts_copied import copy_post
from samkraft.feeds.queries.posts import Author, authors_of, tags_of, written_by
from samkraft.feeds.queries.posts_history import history_of
from samkraft.networks.models import MembershipState, NetworkRole
from samkraft.people.models import Role
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.models import PageTag
from tests import factories, factories_networks, factories_posts
from tests.factories import NOW
from tests.factories_posts import content, draft, published

LATER = NOW + timedelta(hours=2)


def versions() -> dict[str, int]:
    return dict(PageTag.objects.values_list("tag", "version"))


def save(post, by, version=None, now=LATER, **fields):
    told = {name: getattr(post, name) for name in Content.__dataclass_fields__}
    changed = Content(**{**told, **fields})
    return posts.save_post(post=post, content=changed, version=version or post.version, by=by, now=now)


def publish(post, by, now=NOW):
    return posts.publish_post(post=post, version=post.version, by=by, now=now)


@pytest.mark.django_db
class TestWhoWrites:
    def test_person_writes_as_their_actors_areas_and_networks(self):
        actor, person = factories_posts.editor()
        factories.member(factories.area(), person=person)
        factories.member(factories.area("1473", "Töreboda"), person=person, role=Role.POLITICIAN)
        network = factories_networks.network()
        factories_networks.convener(network, person=person, role=NetworkRole.EDITOR)
        factories_networks.convener(factories_networks.network(), person=person, role=NetworkRole.CONTACT)
        closed, _other = factories_posts.editor(factories_networks.actor(closed_at=NOW))
        factories_networks.speaker(closed, person=person)
        assert [author.subject for author in authors_of(person)] == [actor, factories.area(), network]

    def test_actor_tells_in_its_municipalities_and_the_networks_that_it_belongs_to(self):
        actor = factories_networks.actor(factories.area(), factories.area("1473", "Töreboda"))
        network, other, left = (factories_networks.network() for _ in range(3))
        factories_networks.admitted(network, actor)
        factories_networks.membership(other, actor)
        factories_networks.membership(left, actor, state=MembershipState.LEFT)
        author = Author(actor)
        assert [area.name for area in author.municipalities] == ["Mariestad", "Töreboda"]
        assert author.networks == [network]

    def test_editor_of_one_actor_can_do_nothing_with_anothers_post(self):
        actor, owner = factories_posts.editor()
        _other, stranger = factories_posts.editor()
        post = draft(actor, owner)
        attempts = [
            lambda: draft(actor, stranger),
            lambda: save(post, stranger, title="Mine"),
            lambda: publish(post, stranger),
            lambda: posts.schedule_post(post=post, version=1, at=LATER, by=stranger, now=NOW),
            lambda: posts.withdraw_draft(post=post, by=stranger, now=NOW),
            lambda: copy_post(post=post, by=stranger, now=NOW),
            lambda: factories_posts.picture(post, stranger),
        ]
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                attempt()
        told = published(actor, owner)
        with pytest.raises(NotAllowed):
            posts.unpublish_own(post=told, why="No.", by=stranger, now=NOW)
        assert [found.state for found in Post.objects.order_by("pk")] == [PostState.DRAFT, PostState.PUBLISHED]

    def test_post_is_refused_where_its_author_tells_nothing(self):
        actor, person = factories_posts.editor()
        for fields in (
            {"municipality": factories.area("1473", "Töreboda")},
            {"network": factories_networks.network()},
            {"municipality": None},
        ):
            with pytest.raises(Refused):
                draft(actor, person, **fields)

    def test_closed_actor_tells_nothing_more(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        actor.closed_at = NOW
        actor.save()
        with pytest.raises(Refused, match="no longer tells"):
            publish(post, person)
        with pytest.raises(Refused, match="no longer tells"):
            draft(actor, person)

    def test_author_decides_the_feeds(self):
        county = factories.county()
        municipality = factories.area()
        network = factories_networks.network()
        by = factories.coordinator(county)
        convener = factories_networks.convener(network)
        officer = factories.member(municipality).user
        told = {
            "county": posts.create_draft(
                author=Author(county), kind="news", content=content(municipality=None), by=by, now=NOW
            ),
            "network": posts.create_draft(
                author=Author(network), kind="news", content=content(municipality=None), by=convener, now=NOW
            ),
            "municipality": posts.create_draft(
                author=Author(municipality), kind="news", content=content(network=network), by=officer, now=NOW
            ),
        }
        found = {
            name: (post.municipality, post.county, post.network, post.in_county_feed, post.in_network_feed)
            for name, post in told.items()
        }
        assert found == {
            "county": (None, county, None, True, False),
            "network": (None, county, network, False, True),
            "municipality": (municipality, county, network, False, True),
        }


@pytest.mark.django_db
class TestPublishing:
    def test_published_post_is_logged_and_changes_all_that_shows_it(self):
        actor, person = factories_posts.editor()
        network = factories_networks.network()
        factories_networks.admitted(network, actor)
        post = draft(actor, person, network=network)
        before = versions()
        told = publish(post, person)
        log = TransitionLog.objects.of(post).get()
        assert (told.state, told.published_at, log.to_state, log.by, log.at) == (
            PostState.PUBLISHED,
            NOW,
            PostState.PUBLISHED,
            person,
            NOW,
        )
        changed = {tag for tag, version in versions().items() if version != before.get(tag)}
        area = factories.area()
        assert changed == {area.tag, area.parent.tag, "area:se/", network.tag, actor.tag, post.tag}
        assert changed == set(tags_of(told))

    @pytest.mark.parametrize(
        ("kind", "fields", "why"),
        [
            ("news", {"text": ""}, "Write a text"),
            ("news", {"text": "<script>alert(1)</script>"}, "Write a text"),
            ("share", {}, "Fill in the link"),
            ("event", {}, "Fill in when"),
        ],
    )
    def test_post_that_lacks_something_is_not_published(self, kind, fields, why):
        actor, person = factories_posts.editor()
        with pytest.raises(Refused, match=why):
            publish(draft(actor, person, kind=kind, **fields), person)

    def test_publishing_what_somebody_has_changed_is_refused(self):
        actor, person = factories_posts.editor()
        seen = draft(actor, person)
        save(seen, person, title="Another title")
        with pytest.raises(ChangedMeanwhile):
            publish(seen, person)

    def test_publishing_twice_is_refused(self):
        actor, person = factories_posts.editor()
        seen = draft(actor, person)
        publish(seen, person)
        with pytest.raises(Refused, match="Somebody else"):
            publish(seen, person)

    def test_scheduled_post_is_published_once_its_time_has_come(self):
        actor, person = factories_posts.editor()
        post = posts.schedule_post(post=draft(actor, person), version=1, at=LATER, by=person, now=NOW)
        assert posts.publish_scheduled(now=LATER - timedelta(seconds=1), limit=10) == 0
        assert posts.publish_scheduled(now=LATER, limit=10) == 1
        assert posts.publish_scheduled(now=LATER, limit=10) == 0
        post.refresh_from_db()
        assert (post.state, post.published_at, post.scheduled_for) == (PostState.PUBLISHED, LATER, None)
        assert TransitionLog.objects.of(post).last().by is None

    def test_scheduled_posts_are_published_the_earliest_first_within_the_limit(self):
        actor, person = factories_posts.editor()
        times = [LATER + timedelta(minutes=minutes) for minutes in (2, 0, 1)]
        for at in times:
            posts.schedule_post(post=draft(actor, person), version=1, at=at, by=person, now=NOW)
        posts.publish_scheduled(now=times[0], limit=2)
        waiting = Post.objects.get(state=PostState.SCHEDULED)
        assert waiting.scheduled_for == times[0]

    def test_time_that_has_passed_or_is_far_away_is_refused(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        for at in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=366)):
            with pytest.raises(Refused, match="still to come"):
                posts.schedule_post(post=post, version=1, at=at, by=person, now=NOW)

    def test_scheduled_post_becomes_a_draft_again_and_is_not_published(self):
        actor, person = factories_posts.editor()
        post = posts.schedule_post(post=draft(actor, person), version=1, at=LATER, by=person, now=NOW)
        posts.unschedule_post(post=post, by=person, now=NOW)
        assert posts.publish_scheduled(now=LATER, limit=10) == 0
        post.refresh_from_db()
        assert (post.state, post.scheduled_for) == (PostState.DRAFT, None)

    def test_scheduled_post_of_an_actor_that_closed_stays(self):
        actor, person = factories_posts.editor()
        posts.schedule_post(post=draft(actor, person), version=1, at=LATER, by=person, now=NOW)
        actor.closed_at = NOW
        actor.save()
        assert posts.publish_scheduled(now=LATER, limit=10) == 0


@pytest.mark.django_db
class TestEditing:
    def test_draft_is_saved_without_a_mark(self):
        actor, person = factories_posts.editor()
        saved = save(draft(actor, person), person, title="Better")
        assert (saved.title, saved.version, saved.edited_at) == ("Better", 2, None)

    def test_published_post_is_marked_as_edited_with_its_history(self):
        actor, person = factories_posts.editor()
        post = published(actor, person, title="Before", text="<p>One tree.</p>")
        other = factories_networks.speaker(actor)
        saved = save(post, other, title="After", text="<p>Two trees.</p>")
        entry = history_of(saved)[0]
        assert (saved.edited_at, entry.at, entry.by, entry.what) == (LATER, LATER, other, "Edited")
        assert [(change.before, change.after) for change in entry.changes] == [
            ("Before", "After"),
            ("One tree.", "Two trees."),
        ]

    def test_saving_without_a_change_leaves_no_mark(self):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        before = versions()
        saved = save(post, person)
        assert (saved.version, saved.edited_at, versions()) == (1, None, before)

    def test_second_saver_is_told(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        save(post, person, title="First")
        with pytest.raises(ChangedMeanwhile):
            save(post, person, version=1, title="Second")
        post.refresh_from_db()
        assert post.title == "First"

    def test_post_that_moves_changes_where_it_was_and_where_it_is(self):
        here, there = factories.area(), factories.area("1473", "Töreboda")
        actor, person = factories_posts.editor(factories_networks.actor(here, there))
        post = published(actor, person)
        before = versions()
        save(post, person, municipality=there)
        changed = {tag for tag, version in versions().items() if version != before.get(tag)}
        assert {here.tag, there.tag} <= changed

    def test_edited_text_is_cleaned_in_the_operation_too(self):
        actor, person = factories_posts.editor()
        saved = save(draft(actor, person), person, text='<p onclick="a()">Hi<script>b()</script></p>')
        assert saved.text == "<p>Hi</p>"

    def test_event_that_ends_before_it_begins_is_refused(self):
        actor, person = factories_posts.editor()
        with pytest.raises(Refused, match="ends before"):
            draft(actor, person, kind="event", event_starts_at=LATER, event_ends_at=NOW)

    def test_unpublished_post_is_not_edited(self):
        actor, person = factories_posts.editor()
        post = posts.unpublish_own(post=published(actor, person), why="Wrong date.", by=person, now=LATER)
        with pytest.raises(Refused, match="no longer be edited"):
            save(post, person, title="Right")


@pytest.mark.django_db
class TestTakingBack:
    def test_unpublished_post_keeps_its_reason_and_changes_what_showed_it(self):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        before = versions()
        posts.unpublish_own(post=post, why="Wrong date.", by=person, now=LATER)
        post.refresh_from_db()
        log = TransitionLog.objects.of(post).last()
        assert (post.state, post.unpublished_why, log.why) == (PostState.UNPUBLISHED, "Wrong date.", "Wrong date.")
        assert all(versions()[tag] > before[tag] for tag in tags_of(post))

    def test_draft_is_put_away_and_nothing_leads_back(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        posts.withdraw_draft(post=post, by=person, now=NOW)
        post.refresh_from_db()
        assert post.state == PostState.WITHDRAWN
        with pytest.raises(Refused):
            publish(post, person)

    def test_copy_is_a_new_draft_with_the_words_and_pictures(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person, title="Trees")
        picture = factories_posts.picture(post, person)
        post = posts.unpublish_own(post=publish(post, person), why="Oops.", by=person, now=LATER)
        copy = copy_post(post=post, by=person, now=LATER)
        copied = copy.pictures.get()
        assert (copy.title, copy.text, copy.state, copy.published_at) == ("Trees", post.text, PostState.DRAFT, None)
        assert (copied.alt, copied.photographer, copied.file_id != picture.file_id) == (picture.alt, "Ada", True)

    def test_copy_leaves_out_a_network_that_its_author_has_left(self):
        actor, person = factories_posts.editor()
        network = factories_networks.network()
        membership = factories_networks.admitted(network, actor)
        post = draft(actor, person, network=network)
        membership.state = MembershipState.LEFT
        membership.save()
        copy = copy_post(post=post, by=person, now=LATER)
        assert (copy.network, copy.in_network_feed, copy.municipality) == (None, False, factories.area())

    def test_my_posts_are_those_of_all_whom_i_write_for(self):
        actor, person = factories_posts.editor()
        colleague = factories_networks.speaker(actor)
        mine = [draft(actor, person), draft(actor, colleague)]
        draft(*factories_posts.editor())
        assert list(written_by(person)) == mine[::-1]


class TestAtOnce:
    """Races, on a database that is emptied afterwards."""

    def test_two_workers_publish_a_scheduled_post_once(self, at_once):
        actor, person = factories_posts.editor()
        for _ in range(3):
            posts.schedule_post(post=draft(actor, person), version=1, at=LATER, by=person, now=NOW)
        published = at_once(lambda place: posts.publish_scheduled(now=LATER, limit=10), 3)
        assert sum(published) == 3
        assert TransitionLog.objects.filter(to_state=PostState.PUBLISHED).count() == 3

    def test_of_two_who_save_at_once_one_is_told(self, at_once):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        results = at_once(lambda place: save(Post.objects.get(pk=post.pk), person, version=1, title=f"T{place}"), 3)
        assert sorted(type(result).__name__ for result in results) == ["ChangedMeanwhile", "ChangedMeanwhile", "Post"]
        assert Post.objects.get().version == 2

    def test_of_two_who_unpublish_at_once_one_is_told(self, at_once):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        results = at_once(lambda place: posts.unpublish_own(post=post, why="No.", by=person, now=LATER), 3)
        assert sorted(type(result).__name__ for result in results) == ["IllegalMove", "IllegalMove", "Post"]

    def test_one_who_edits_while_another_unpublishes_is_told_or_is_first(self, at_once):
        actor, person = factories_posts.editor()
        post = published(actor, person)

        def work(place):
            if place:
                return save(Post.objects.get(pk=post.pk), person, version=1, title="Edited")
            return posts.unpublish_own(post=post, why="No.", by=person, now=LATER)

        results = at_once(work, 2)
        kept = Post.objects.get()
        assert (kept.state, kept.unpublished_why) == (PostState.UNPUBLISHED, "No.")
        assert isinstance(results[0], Post)
        assert (kept.title == "Edited") == isinstance(results[1], Post)
