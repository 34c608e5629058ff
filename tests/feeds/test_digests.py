"""Digests: what is new, to those who follow, once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samkraft.feeds.models import PostState, Subscription
from samkraft.feeds.operations import digests
from samkraft.feeds.operations.digests import send_digests
from samkraft.notices import mails
from samkraft.notices.models import OutboxMessage
from samkraft.places.models import Area
from tests import factories_networks, factories_reading
from tests.factories import NOW

# NOW is a Monday at half past ten in Sweden; the next weekly digest goes out a week later.
MONDAY = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)


@pytest.fixture
def place(db) -> Area:
    return Area.objects.select_related("parent").get(key="SE-1493")


def post(place, **fields):
    return factories_networks.post(
        fields.pop("by", None) or place, municipality=place, **{"published_at": NOW + timedelta(hours=1), **fields}
    )


def mail_of(follower: Subscription) -> OutboxMessage:
    return OutboxMessage.objects.get(to_address=follower.email)


def test_follower_gets_what_is_new_and_the_events_to_come(place):
    follower = factories_reading.follower(of=place)
    new = post(place, title="A new <path>", text="<p>" + "word " * 60 + "</p>")
    post(place, title="Old news", published_at=NOW - timedelta(days=1))
    factories_reading.event(place, municipality=place, days=16, title="Soon", published_at=NOW - timedelta(days=1))
    factories_reading.event(place, municipality=place, days=60, title="Late", published_at=NOW - timedelta(days=1))
    assert send_digests(now=MONDAY) == 1
    mail = mail_of(follower)
    assert (mail.kind, mail.subject) == ("feeds.digest", "News from Mariestad")
    assert "A new <path>" in mail.text and "A new &lt;path&gt;" in mail.html
    assert mail.text.count("word") == digests.WORDS_OF_A_POST
    assert f"/en/posts/{new.pk}/" in mail.text
    assert "Soon" in mail.text and "Late" not in mail.text and "Old news" not in mail.text
    assert "<img" not in mail.html


def test_digest_is_in_the_followers_language(place):
    danish, english = factories_reading.follower(of=place, language="da"), factories_reading.follower(of=place)
    post(place)
    send_digests(now=MONDAY)
    assert "/da/posts/" in mail_of(danish).text and "/da/following/" in mail_of(danish).text
    assert "/en/posts/" in mail_of(english).html and "/en/following/" in mail_of(english).html


def test_nothing_new_is_no_mail_and_the_next_time_comes(place):
    follower = factories_reading.follower(of=place)
    assert send_digests(now=MONDAY) == 0
    follower.refresh_from_db()
    assert follower.next_at == MONDAY + timedelta(days=7)
    assert OutboxMessage.objects.count() == 0


def test_daily_and_weekly_followers_get_each_their_own(place):
    daily = factories_reading.follower(of=place, frequency="daily")
    weekly = factories_reading.follower(of=place)
    post(place, title="First")
    assert send_digests(now=datetime(2026, 3, 3, 6, tzinfo=UTC)) == 1
    post(place, title="Second", published_at=datetime(2026, 3, 8, 12, tzinfo=UTC))
    assert send_digests(now=MONDAY) == 2
    daily_texts = list(
        OutboxMessage.objects.filter(to_address=daily.email).order_by("pk").values_list("text", flat=True)
    )
    assert ["First" in text for text in daily_texts] == [True, False]
    assert "First" in mail_of(weekly).text and "Second" in mail_of(weekly).text


def test_digest_is_written_once(place):
    factories_reading.follower(of=place)
    post(place)
    assert (send_digests(now=MONDAY), send_digests(now=MONDAY)) == (1, 0)
    assert send_digests(now=MONDAY + timedelta(days=7)) == 0
    assert OutboxMessage.objects.count() == 1


def test_unpublished_post_is_not_in_it(place):
    factories_reading.follower(of=place)
    post(place, state=PostState.UNPUBLISHED)
    assert send_digests(now=MONDAY) == 0


def test_post_of_this_very_moment_waits_for_the_next_and_is_not_lost(place):
    follower = factories_reading.follower(of=place, frequency="daily")
    Subscription.objects.update(next_at=MONDAY)
    post(place, title="Late", published_at=MONDAY - timedelta(seconds=10))
    assert send_digests(now=MONDAY) == 0
    assert send_digests(now=MONDAY + timedelta(days=1)) == 1
    assert "Late" in mail_of(follower).text


def test_unconfirmed_get_nothing(place):
    factories_reading.follower(of=place, confirmed_at=None)
    post(place)
    assert send_digests(now=MONDAY) == 0


def test_county_and_network_followers_get_their_feeds(place):
    network = factories_networks.network(factories_networks.newspaper_area(place))
    of_county = factories_reading.follower(of=place.parent)
    of_network = factories_reading.follower(of=network)
    post(place, title="For the county", in_county_feed=True)
    post(place, title="For the network", network=network, in_network_feed=True)
    send_digests(now=MONDAY)
    assert ("For the county" in mail_of(of_county).text, "For the network" in mail_of(of_county).text) == (True, False)
    assert ("For the county" in mail_of(of_network).text, "For the network" in mail_of(of_network).text) == (
        False,
        True,
    )


def test_mail_stops_its_own_mailing_with_one_click(place):
    follower = factories_reading.follower(of=place)
    other = factories_reading.follower(follower.email, of=place.parent)
    post(place)
    send_digests(now=MONDAY)
    composed = mails.composed(mail_of(follower))
    stop = composed.extra_headers["List-Unsubscribe"].strip("<>")
    assert composed.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = Client(enforce_csrf_checks=True).post("/" + stop.split("/", 3)[3], {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert list(Subscription.objects.all()) == [other]


def test_link_in_a_digest_leads_to_ones_own_choices(place, client):
    follower = factories_reading.follower(of=place)
    post(place)
    send_digests(now=MONDAY)
    path = re.search(r"/en/following/\S+/", mail_of(follower).text).group()
    assert client.get(path).status_code == 200


def test_posts_are_read_once_for_all_followers_of_a_feed(place):
    post(place)

    def queries_for(followers: int) -> int:
        Subscription.objects.all().delete()
        for _number in range(followers):
            factories_reading.follower(of=place)
        with CaptureQueriesContext(connection) as captured:
            assert send_digests(now=MONDAY) == followers
        return sum("feeds_post" in query["sql"] for query in captured)

    assert queries_for(1) == queries_for(5) == 2


def test_no_more_than_the_limit_are_written_at_once(place):
    for _number in range(3):
        factories_reading.follower(of=place)
    post(place)
    assert [send_digests(now=MONDAY, limit=2) for _round in range(3)] == [2, 1, 0]


def test_worker_that_stops_midway_leaves_neither_half_a_digest_nor_a_second_one(transactional_db, monkeypatch):
    place = factories_networks.newspaper_area().municipalities.get()
    followers = [factories_reading.follower(of=place) for _number in range(2)]
    post(place)
    tell = digests.tell

    def killed(**said):
        tell(**said)
        raise KeyboardInterrupt

    monkeypatch.setattr(digests, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        send_digests(now=MONDAY)
    assert OutboxMessage.objects.count() == 0
    monkeypatch.setattr(digests, "tell", tell)
    assert send_digests(now=MONDAY) == 2
    assert OutboxMessage.objects.count() == len(followers)
    assert not transaction.get_connection().in_atomic_block


def test_workers_in_parallel_write_each_digest_once(at_once):
    place = factories_networks.newspaper_area().municipalities.get()
    for _number in range(3):
        factories_reading.follower(of=place)
    post(place)
    results = at_once(lambda _place: send_digests(now=MONDAY), 3)
    assert sum(results) == 3
    assert OutboxMessage.objects.count() == 3
