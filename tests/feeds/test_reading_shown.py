"""Lists read less of each post than its own page does, and show the same."""

import pytest
from django.template.loader import render_to_string

from samkraft.feeds.models import Post
from samkraft.feeds.queries import reading, reading_shown
from samkraft.places.models import Area
from tests import factories_networks, factories_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """A post of each kind of author, with what can stand in a post."""
    place = Area.objects.select_related("parent").get(key="SE-1493")
    network = factories_networks.network(factories_networks.newspaper_area(place))
    factories_networks.post(place, municipality=place, title="Of a place", text="<p>Words</p>")
    factories_networks.post(network, municipality=place, title="Of a network", link_url="https://example.org/")
    factories_networks.post(factories_networks.actor(place), county=place.parent, title="Of an actor")
    factories_reading.event(place, municipality=place, days=10**4, title="A meeting")
    return Post.objects.published().newest_first()


def test_posts_and_events_of_lists_are_shown_as_whole_posts_are(rows, django_assert_num_queries):
    whole = reading.whole(rows)
    for template, read, queries in (
        ("feeds/_post.html", reading_shown.posts, 2),
        ("feeds/_feed_events.html", reading_shown.events, 1),
    ):
        wanted = [render_to_string(template, {"post": post, "found": [post]}) for post in whole]
        with django_assert_num_queries(queries):
            shown = [render_to_string(template, {"post": post, "found": [post]}) for post in read(rows)]
        assert shown == wanted
    assert len(whole) == 4
