"""Links of actors are asked now and then, and their contacts are told once when one breaks."""

from datetime import timedelta

import pytest

from samkraft.networks.models import Actor, ActorPerson, ActorRole, LinkState
from samkraft.networks.operations.actors_links import check_actor_link, check_links
from samkraft.notices.models import OutboxMessage
from samkraft.records.fetch import CannotFetch, NotGivenOut, TooLarge
from samkraft.ui import page_cache
from tests import factories, factories_networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


class Web:
    """What lies at addresses of the web: nothing where nothing was put."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, url, *, limit_bytes, timeout):
        self.asked.append(url)
        answer = self.answers.get(url.split("/")[2].split(".")[0], CannotFetch("There is no site at that address."))
        if answer is not None:
            raise answer


def actor(name="a", **fields):
    made = factories_networks.actor(homepage_url=f"https://{name}.example/", **fields)
    factories_networks.speaker(made)
    return made


def state_after(answer, **fields):
    made = actor(**fields)
    check_actor_link(actor=made, now=NOW, fetch=Web(a=answer, www=answer))
    made.refresh_from_db()
    return made.link_state, made.link_problem


def test_link_that_answers_is_kept_as_such():
    assert state_after(None) == (LinkState.ANSWERS, "")


def test_link_without_a_site_is_broken_for_a_reason():
    assert state_after(CannotFetch("The site could not be reached.")) == (
        LinkState.BROKEN,
        "The site could not be reached.",
    )


@pytest.mark.parametrize("answer", [TooLarge("x"), NotGivenOut(403), NotGivenOut(429)])
def test_site_that_only_turns_programs_away_answers(answer):
    assert state_after(answer)[0] == LinkState.ANSWERS


@pytest.mark.parametrize("answer", [NotGivenOut(404), NotGivenOut(500)])
def test_page_that_is_gone_is_broken(answer):
    assert state_after(answer)[0] == LinkState.BROKEN


@pytest.mark.parametrize(("status", "expected"), [(400, LinkState.ANSWERS), (404, LinkState.BROKEN)])
def test_facebook_is_believed_only_about_pages_that_are_gone(status, expected):
    made = factories_networks.actor(homepage_url="", facebook_url="https://www.facebook.com/bakery")
    check_actor_link(actor=made, now=NOW, fetch=Web(www=NotGivenOut(status)))
    assert Actor.objects.get(pk=made.pk).link_state == expected


def test_closed_networks_are_not_asked():
    made = actor()
    Actor.objects.update(homepage_url="http://127.0.0.1/")
    check_links(now=NOW, limit=5)
    made.refresh_from_db()
    assert (made.link_state, made.link_problem) == (LinkState.BROKEN, "The address lies inside a closed network.")


def test_contacts_are_told_once_when_a_link_breaks():
    made = actor()
    factories_networks.speaker(made, role=ActorRole.EDITOR)
    for month in range(3):
        check_links(now=NOW + month * MONTH, limit=5, fetch=Web())
    contact = ActorPerson.objects.get(role=ActorRole.CONTACT).user
    assert [mail.to_user for mail in OutboxMessage.objects.filter(kind="networks.link")] == [contact]
    check_links(now=NOW + 3 * MONTH, limit=5, fetch=Web(a=None))
    check_links(now=NOW + 4 * MONTH, limit=5, fetch=Web())
    assert OutboxMessage.objects.filter(kind="networks.link").count() == 2


def test_links_are_checked_in_turn_and_again_after_a_month():
    actor("old", link_checked_at=NOW - MONTH, link_state=LinkState.ANSWERS)
    actor("new")
    actor("fresh", link_checked_at=NOW - timedelta(days=29), link_state=LinkState.ANSWERS)
    actor("closed", closed_at=NOW)
    web = Web(old=None, new=None)
    assert [check_links(now=NOW, limit=1, fetch=web) for _time in range(3)] == [1, 1, 0]
    assert web.asked == ["https://new.example/", "https://old.example/"]


def test_link_that_was_changed_meanwhile_is_left_to_the_next_check():
    made = actor()
    Actor.objects.update(homepage_url="https://b.example/")
    check_actor_link(actor=made, now=NOW, fetch=Web())
    assert Actor.objects.get().link_state == LinkState.UNCHECKED
    assert OutboxMessage.objects.count() == 0


def test_pages_are_made_anew_only_when_a_link_breaks_or_mends():
    made = actor()
    before = page_cache.version_of([made.tag])
    versions = []
    for answer in (None, None, CannotFetch("x")):
        check_actor_link(actor=Actor.objects.get(), now=NOW, fetch=Web(a=answer))
        versions.append(page_cache.version_of([made.tag]) - before)
    assert versions == [1, 1, 2]


def test_person_without_an_active_account_is_not_told():
    made = factories_networks.actor()
    factories_networks.speaker(made, person=factories.user(is_active=False))
    check_actor_link(actor=made, now=NOW, fetch=Web())
    assert OutboxMessage.objects.count() == 0
