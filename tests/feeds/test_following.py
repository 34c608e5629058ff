"""Following by mail: nothing before it is confirmed, nothing told about others, gone when it stops."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from samkraft.feeds.models import Frequency, Subscription
from samkraft.feeds.operations import following
from samkraft.feeds.operations.following import CONFIRM, MANAGE, next_digest_at, token_of
from samkraft.notices.models import OutboxMessage, SuppressedAddress
from samkraft.people import exports
from samkraft.people.operations.accounts import close_account
from samkraft.places.models import Area
from samkraft.records.refusals import Refused
from tests import factories, factories_networks, factories_reading
from tests.factories import NOW

FOLLOW = "/en/places/se/mariestad/feed/follow/"
ANSWERS = {"email": "Eva@Example.org", "frequency": "daily", "language": "da", "website": ""}


def mariestad() -> Area:
    return Area.objects.select_related("parent__parent").get(key="SE-1493")


def ask(**changes):
    said = {"email": "eva@example.org", "frequency": "weekly", "language": "en", "now": NOW, "area": factories.area()}
    following.ask(**{**said, **changes})


def path_in(mail: OutboxMessage) -> str:
    return mail.url.partition("//")[2].partition("/")[2].join(["/", ""])


@pytest.mark.parametrize(
    ("frequency", "country", "after", "expected"),
    [
        # The second of March 2026 is a Monday; Sweden is an hour ahead of UTC until the end of March.
        ("daily", "SE", datetime(2026, 3, 2, 5, 59, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)),
        ("daily", "SE", datetime(2026, 3, 2, 6, 0, tzinfo=UTC), datetime(2026, 3, 3, 6, tzinfo=UTC)),
        ("weekly", "NO", datetime(2026, 3, 2, 5, 59, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)),
        ("weekly", "DK", datetime(2026, 3, 2, 6, 1, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC)),
        ("daily", "SE", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),
        ("weekly", "SE", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 5, tzinfo=UTC)),
    ],
)
def test_digests_are_due_at_seven_by_the_countrys_clock(frequency, country, after, expected):
    assert next_digest_at(frequency, country, after) == expected


def test_visitor_asks_confirms_and_follows(db, client):
    page = client.get(FOLLOW)
    assert page.status_code == 200
    answer = client.post(FOLLOW, ANSWERS)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("feeds:follow_asked"))
    assert client.get(reverse("feeds:follow_asked")).status_code == 200
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.frequency, subscription.language) == ("eva@example.org", "daily", "da")
    assert (subscription.area.key, subscription.confirmed_at) == ("SE-1493", None)
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind, mail.language) == ("eva@example.org", "feeds.confirm", "da")

    opened = client.get(path_in(mail))
    subscription.refresh_from_db()
    assert (opened.status_code, subscription.confirmed_at) == (200, None)

    done = client.post(path_in(mail), follow=True)
    subscription.refresh_from_db()
    assert done.status_code == 200
    assert subscription.confirmed_at is not None
    assert subscription.next_at > subscription.confirmed_at


def test_network_is_followed_too(db, client):
    network = factories_networks.network()
    address = reverse("feeds:follow_network", args=[network.slug])
    client.post(address, ANSWERS)
    assert Subscription.objects.get().network == network


def test_page_says_the_same_whether_an_address_follows_or_not(db, client):
    factories_reading.follower("old@example.org", of=mariestad())
    answers = [client.post(FOLLOW, {**ANSWERS, "email": email}) for email in ("old@example.org", "new@example.org")]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, reverse("feeds:follow_asked"))
    }
    subjects = dict(OutboxMessage.objects.values_list("to_address", "url"))
    assert "/following/confirm/" in subjects["new@example.org"]
    assert "/following/confirm/" not in subjects["old@example.org"]


def test_asking_again_changes_nothing_for_one_who_follows(db):
    kept = factories_reading.follower("eva@example.org")
    ask(email="EVA@example.org", frequency="daily", language="nb", area=kept.area)
    kept.refresh_from_db()
    assert (kept.frequency, kept.language, Subscription.objects.count()) == ("weekly", "en", 1)


def test_programs_that_fill_in_everything_are_told_nothing(db, client):
    answer = client.post(FOLLOW, {**ANSWERS, "website": "https://spam.example"})
    assert answer.headers["Location"] == reverse("feeds:follow_asked")
    assert (Subscription.objects.count(), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"email": ""}, {"frequency": "hourly"}, {"language": "fi"}])
def test_wrong_answers_are_told_and_send_nothing(db, client, wrong):
    assert client.post(FOLLOW, {**ANSWERS, **wrong}).status_code == 200
    assert OutboxMessage.objects.count() == 0


def test_mails_to_one_address_are_limited(db):
    areas = list(Area.objects.municipalities().in_country("SE")[:6])
    for area in areas[:5]:
        ask(area=area)
    with pytest.raises(Refused):
        ask(area=areas[5])
    assert OutboxMessage.objects.count() == 5
    ask(email="another@example.org", area=areas[5])
    ask(area=areas[5], now=NOW + timedelta(days=2))


def test_mails_from_one_place_are_limited(db, client):
    answers = [client.post(FOLLOW, {**ANSWERS, "email": f"p{n}@example.org"}).status_code for n in range(12)]
    assert answers == [302] * 10 + [429] * 2
    assert OutboxMessage.objects.count() == 10


def test_parallel_askings_make_one_subscription(at_once):
    area = factories.area()
    at_once(lambda _place: ask(area=area), 4)
    assert Subscription.objects.count() == 1


def test_only_our_own_links_work_and_each_for_its_own(db, client):
    unconfirmed = factories_reading.follower(confirmed_at=None, next_at=None)
    follower = factories_reading.follower()
    wrong = [
        reverse("feeds:follow_confirm", args=[token_of(unconfirmed, MANAGE)]),
        reverse("feeds:follow_confirm", args=["not-a-token"]),
        reverse("feeds:follow_manage", args=[token_of(follower, CONFIRM)]),
        reverse("feeds:follow_manage", args=[token_of(unconfirmed, MANAGE)]),
        reverse("feeds:follow_manage", args=[signing.dumps([follower.pk, "other@example.org"], salt=MANAGE)]),
        reverse("feeds:follow_stop", args=[token_of(follower, CONFIRM)]),
    ]
    assert {client.get(address).status_code for address in wrong} == {404}
    assert {client.post(address).status_code for address in wrong} == {404}
    assert Subscription.objects.count() == 2


def test_link_to_confirm_grows_old(db, client, monkeypatch):
    unconfirmed = factories_reading.follower(confirmed_at=None, next_at=None)
    address = reverse("feeds:follow_confirm", args=[token_of(unconfirmed, CONFIRM)])
    monkeypatch.setattr(following, "UNCONFIRMED_KEPT", timedelta(seconds=-1))
    assert client.post(address).status_code == 404


def test_confirming_twice_keeps_the_first(db):
    unconfirmed = factories_reading.follower(confirmed_at=None, next_at=None)
    assert following.confirm(subscription=unconfirmed, now=NOW)
    assert not following.confirm(subscription=unconfirmed, now=NOW + timedelta(days=3))
    unconfirmed.refresh_from_db()
    assert (unconfirmed.confirmed_at, unconfirmed.sent_until) == (NOW, NOW)


def test_follower_changes_how_often_and_in_which_language(db, client):
    follower = factories_reading.follower()
    address = reverse("feeds:follow_manage", args=[token_of(follower, MANAGE)])
    assert client.get(address).status_code == 200
    assert client.post(address, {"frequency": "daily", "language": "nb"}).status_code == 302
    follower.refresh_from_db()
    assert (follower.frequency, follower.language) == (Frequency.DAILY, "nb")


def test_opening_the_way_out_changes_nothing_and_one_click_erases(db):
    follower, other = factories_reading.follower(), factories_reading.follower()
    address = reverse("feeds:follow_stop", args=[token_of(follower, MANAGE)])
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 200
    assert Subscription.objects.count() == 2
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(Subscription.objects.all()) == [other]
    # A mail program that tries again is not told of a fault.
    assert strict.post(address).status_code == 200


def test_what_nobody_confirmed_is_erased_in_a_week(db):
    old = factories_reading.follower(confirmed_at=None, next_at=None, asked_at=NOW - timedelta(days=8))
    new = factories_reading.follower(confirmed_at=None, next_at=None, asked_at=NOW - timedelta(days=6))
    kept = factories_reading.follower(asked_at=NOW - timedelta(days=100))
    assert following.forget_followers(now=NOW) == 1
    assert set(Subscription.objects.all()) == {new, kept} and old.pk is not None


def test_address_that_its_server_refuses_is_erased(db):
    follower = factories_reading.follower()
    SuppressedAddress.objects.create(address=follower.email, reason="550", since=NOW)
    assert following.forget_followers(now=NOW) == 1


def test_reader_with_an_account_follows_with_one_click(cast):
    client = cast.client("outsider")
    page = client.get("/en/places/se/mariestad/feed/")
    assert f'action="{FOLLOW}"' in page.content.decode()
    answer = client.post(FOLLOW, {"own": "1"})
    assert answer.headers["Location"] == "/en/places/se/mariestad/feed/"
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.frequency) == ("outsider@example.org", "weekly")
    assert subscription.confirmed_at is not None
    client.post(FOLLOW, {"own": "1"})
    assert (Subscription.objects.count(), OutboxMessage.objects.count()) == (1, 0)


def test_visitor_cannot_claim_to_be_a_reader(db, client):
    client.post(FOLLOW, {"own": "1"})
    assert Subscription.objects.count() == 0


def test_unconfirmed_address_of_an_account_does_not_follow(db):
    with pytest.raises(Refused):
        following.follow_as_reader(user=factories.user(verified=False), now=NOW, area=factories.area())


def test_my_page_lists_what_i_follow(cast):
    factories_reading.follower("outsider@example.org", of=mariestad())
    factories_reading.follower("other@example.org", of=Area.objects.get(key="SE-1495"))
    html = cast.client("outsider").get("/en/my/").content.decode()
    assert "/en/places/se/mariestad/feed/" in html and "/en/following/" in html
    assert "skara" not in html


def test_export_holds_what_a_person_follows(db):
    user = factories.user("eva@example.org")
    factories_reading.follower("eva@example.org", of=factories.area())
    factories_reading.follower("other@example.org")
    (row,) = exports.everything_about(user)["subscriptions"]
    assert (row["email"], row["area__key"]) == ("eva@example.org", "SE-1493")


def test_closing_an_account_erases_what_it_follows(db):
    user = factories.user("eva@example.org")
    factories_reading.follower("eva@example.org")
    kept = factories_reading.follower("other@example.org")
    close_account(user=user, now=NOW)
    assert list(Subscription.objects.all()) == [kept]
