"""Pictures: told in words, with a photographer and permission; read only by those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from samkraft.feeds.models import PostPicture, PostState
from samkraft.feeds.operations import pictures, posts
from samkraft.feeds.queries.posts_history import history_of
from samkraft.records.files import address_of
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused
from tests import factories, factories_networks, factories_posts
from tests.factories import NOW
from tests.factories_posts import draft, picture, published

pytestmark = pytest.mark.django_db
TREE = {"alt": "A tree", "photographer": "Ada", "has_permission": True}


def signed_in_as(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def add(post, by, upload=None, **words):
    return pictures.add_picture(
        post=post, upload=upload or factories_posts.image(), **{**TREE, **words}, by=by, now=NOW
    )


@pytest.mark.parametrize(
    "words", [{"alt": ""}, {"alt": "  "}, {"photographer": ""}, {"has_permission": False}], ids=str
)
def test_picture_without_words_photographer_or_permission_is_refused(words):
    actor, person = factories_posts.editor()
    with pytest.raises(Refused):
        add(draft(actor, person), person, **words)
    assert StoredFile.objects.count() == 0


def test_what_is_no_picture_is_refused():
    actor, person = factories_posts.editor()
    post = draft(actor, person)
    svg = SimpleUploadedFile("a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    with pytest.raises(Refused):
        add(post, person, svg)
    assert post.pictures.count() == 0


def test_eleventh_picture_is_refused():
    actor, person = factories_posts.editor()
    post = draft(actor, person)
    for _ in range(10):
        add(post, person)
    with pytest.raises(Refused, match="at most ten"):
        add(post, person)


def test_pictures_are_moved_one_step_and_stay_at_the_ends():
    actor, person = factories_posts.editor()
    post = draft(actor, person)
    first, second, third = (picture(post, person, alt=name) for name in "abc")

    def order():
        return [entry.alt for entry in post.pictures.all()]

    def move(which, earlier):
        pictures.move_picture(picture=which, earlier=earlier, by=person, now=NOW)

    move(third, True)
    assert order() == ["a", "c", "b"]
    move(first, False)
    assert order() == ["c", "a", "b"]
    move(second, False)
    move(third, True)
    assert order() == ["c", "a", "b"]


def test_changing_pictures_of_a_published_post_marks_it_as_edited():
    actor, person = factories_posts.editor()
    post = published(actor, person)
    added = picture(post, person)
    post.refresh_from_db()
    assert (post.edited_at, history_of(post)[0].what) in {(NOW, "Changed the pictures"), (NOW, "Published")}
    pictures.describe_picture(picture=added, alt="An oak", photographer="Bo", by=person, now=NOW)
    assert list(post.pictures.values_list("alt", "photographer")) == [("An oak", "Bo")]
    assert [entry.what for entry in history_of(post)].count("Changed the pictures") == 2


def test_removed_picture_takes_its_file_along():
    actor, person = factories_posts.editor()
    added = picture(draft(actor, person), person)
    pictures.remove_picture(picture=added, by=person, now=NOW)
    assert (PostPicture.objects.count(), StoredFile.objects.count()) == (0, 0)
    with pytest.raises(Refused, match="already been removed"):
        pictures.remove_picture(picture=added, by=person, now=NOW)


def test_picture_is_read_as_far_as_its_post(cast):
    actor, person = factories_posts.editor()
    colleague = factories_networks.speaker(actor)
    stranger = factories_posts.editor()[1]
    post = draft(actor, person)
    url = address_of(picture(post, person).file)
    readers = {
        "editor": signed_in_as(person),
        "colleague": signed_in_as(colleague),
        "stranger": signed_in_as(stranger),
        "officer": cast.client("member"),
        "coordinator": cast.client("owner"),
        "steward": cast.client("steward"),
        "visitor": Client(),
    }

    def who_reads():
        return {name for name, client in readers.items() if client.get(url).status_code == 200}

    assert who_reads() == {"editor", "colleague", "steward"}
    post = posts.publish_post(post=post, version=1, by=person, now=NOW)
    assert who_reads() == set(readers)
    posts.unpublish_own(post=post, why="No.", by=person, now=NOW)
    assert who_reads() == {"editor", "colleague", "steward", "coordinator"}


def test_picture_of_another_post_is_not_reached_through_ones_own():
    actor, person = factories_posts.editor()
    theirs = picture(draft(*factories_posts.editor()), factories.steward())
    mine = draft(actor, person)
    client = signed_in_as(person)
    for way in ("", "move/", "remove/"):
        url = f"/en/posts/{mine.pk}/pictures/{theirs.pk}/{way}"
        assert client.post(url, {"alt": "x", "photographer": "y"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.alt == "Three pupils plant a tree"


def test_picture_is_added_by_the_form(django_assert_max_num_queries):
    actor, person = factories_posts.editor()
    post = draft(actor, person)
    client, url = signed_in_as(person), f"/en/posts/{post.pk}/pictures/"
    refused = client.post(url, {"upload": factories_posts.image(), "alt": "A tree"})
    assert (refused.status_code, refused.text.count('data-field="validation"')) == (200, 2)
    asked = {"upload": factories_posts.image(), **TREE, "has_permission": "on"}
    assert client.post(url, asked)["Location"] == url
    added = post.pictures.get()
    assert (added.alt, added.photographer, added.has_permission) == ("A tree", "Ada", True)
    for _ in range(2):
        picture(post, person)
    with django_assert_max_num_queries(12):
        assert client.get(url).text.count("<img") == 3
    assert client.post(f"{url}{added.pk}/move/", {"way": "later"})["Location"] == url
    assert client.get(f"{url}{added.pk}/remove/").status_code == 200
    client.post(f"{url}{added.pk}/remove/")
    assert post.pictures.count() == 2
    described = post.pictures.first()
    client.post(f"{url}{described.pk}/", {"alt": "An oak", "photographer": "Bo"})
    described.refresh_from_db()
    assert described.alt == "An oak"


def test_pictures_of_an_unpublished_post_stay_as_they_are():
    actor, person = factories_posts.editor()
    post = published(actor, person)
    added = picture(post, person)
    post = posts.unpublish_own(post=post, why="No.", by=person, now=NOW)
    assert post.state == PostState.UNPUBLISHED
    with pytest.raises(Refused):
        pictures.remove_picture(picture=added, by=person, now=NOW)
    with pytest.raises(Refused):
        add(post, person)
