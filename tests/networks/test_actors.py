"""Actors are registered, changed and closed by those who answer for them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samkraft.networks.models import Actor, ActorPerson, ActorRole, LinkState
from samkraft.networks.operations import actors as operations
from samkraft.networks.operations import start
from samkraft.networks.operations.actors import ActorFacts
from samkraft.networks.queries.actors_history import changes_of
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_actors import NUMBERS, PERSONAL, answers, png

OWN = {"owner": 200, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}


@pytest.fixture
def bakery(cast):
    """An actor whose contact is the cast's owner, and whose editor is the member."""
    made = factories_networks.actor(cast.area, name="The Green Bakery", slug="bakery")
    factories_networks.speaker(made, person=cast.owner)
    factories_networks.speaker(made, person=cast.member, role=ActorRole.EDITOR)
    return made


def facts(**changes):
    return ActorFacts(
        **{"name": "Bakery", "kind": "company", "country": "SE", "homepage_url": "https://a.example/", **changes}
    )


def register(by, area=None, **changes):
    return operations.register_actor(facts=facts(**changes), municipalities=[area or factories.area()], by=by, now=NOW)


def post(client, page, slug=None, **changes):
    url = reverse(page, args=[slug] if slug else [])
    return client.post(f"{url}?country=SE", answers(**changes))


def test_anyone_with_an_account_registers_an_actor_and_becomes_its_contact(cast):
    answer = post(cast.client("outsider"), "networks:register_actor", organisation_number=NUMBERS["SE"])
    made = Actor.objects.get()
    assert answer["Location"] == reverse("networks:actor_registered", args=[made.slug])
    assert (made.slug, made.organisation_number, made.link_state) == ("the-green-bakery", "5560360793", "unchecked")
    assert [area.key for area in made.municipalities.all()] == ["SE-1493"]
    person = ActorPerson.objects.get()
    assert (person.user, person.role, person.is_public) == (cast.outsider, ActorRole.CONTACT, False)
    assert "We are checking that your link answers" in cast.client("outsider").get(answer["Location"]).text


def test_receipt_leads_back_to_the_network_that_one_is_starting(cast, bakery):
    client, url = cast.client("owner"), reverse("networks:actor_registered", args=["bakery"])
    assert reverse("networks:index") in client.get(url).text.partition("<main")[2]
    draft = start.begin_draft(by=cast.owner, now=NOW)
    start.begin_draft(by=cast.outsider, now=NOW)
    page = client.get(url).text.partition("<main")[2]
    assert page.count("/start/") == page.count(reverse("networks:start_draft", args=[draft.pk])) == 1


@pytest.mark.parametrize("country", ["NO", "DK"])
def test_form_asks_for_the_municipalities_and_numbers_of_its_country(cast, country):
    text = cast.client("outsider").get(reverse("networks:register_actor"), {"country": country}).text
    assert (NUMBERS[country] in text, "SE-1493" in text) == (True, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "king"}, "kind"),
        ({"homepage_url": ""}, "homepage_url"),
        ({"homepage_url": "javascript:alert(1)"}, "homepage_url"),
        ({"homepage_url": "ftp://bakery.example/"}, "homepage_url"),
        ({"homepage_url": "data:text/html,x"}, "homepage_url"),
        ({"facebook_url": "https://evil.example/facebook.com"}, "facebook_url"),
        ({"municipalities": []}, "municipalities"),
        ({"municipalities": ["NO-0301"]}, "municipalities"),
        ({"organisation_number": "556036-0794"}, "organisation_number"),
        ({"organisation_number": PERSONAL}, "organisation_number"),
        ({"description_url": "https://bakery.example/us"}, "described_on"),
        ({"description_url": "javascript:alert(1)"}, "description_url"),
    ],
)
def test_answers_that_cannot_be_used_are_told_at_their_field(cast, changes, field):
    answer = post(cast.client("outsider"), "networks:register_actor", **changes)
    assert list(answer.context["form"].errors) == [field]
    assert Actor.objects.count() == 0


def test_sole_trader_is_told_kindly_that_the_number_is_not_kept(cast):
    text = post(cast.client("outsider"), "networks:register_actor", organisation_number=PERSONAL).text
    assert "We do not keep such numbers" in text


def test_facebook_page_is_enough(cast):
    post(cast.client("outsider"), "networks:register_actor", homepage_url="", facebook_url="www.facebook.com/bakery")
    assert Actor.objects.get().facebook_url == "https://www.facebook.com/bakery"


def test_number_that_is_registered_is_refused_with_a_sentence(cast):
    register(cast.owner, organisation_number="5560360793")
    answer = post(cast.client("outsider"), "networks:register_actor", organisation_number=NUMBERS["SE"])
    assert answer.context["form"].non_field_errors() == [
        "An actor with this organisation number is already registered."
    ]
    assert Actor.objects.count() == 1


def test_number_of_a_closed_actor_is_free_again(cast):
    old = register(cast.owner, organisation_number="5560360793")
    operations.close_actor(actor=old, why="Moved", by=cast.owner, now=NOW)
    assert register(cast.outsider, organisation_number="5560360793").slug == "bakery-2"


def test_two_who_register_the_same_number_at_once_make_one_actor(at_once):
    area, people = factories.area(), [factories.user(), factories.user()]
    results = at_once(lambda place: register(people[place], area, organisation_number="5560360793"), 2)
    assert sorted(type(result).__name__ for result in results) == ["Actor", "Refused"]
    assert (Actor.objects.count(), ActorPerson.objects.count()) == (1, 1)


def test_registering_again_and_again_is_stopped(cast):
    client = cast.client("outsider")
    statuses = [post(client, "networks:register_actor", name=f"Bakery {n}").status_code for n in range(11)]
    assert statuses == [302] * 10 + [429]


def test_logo_is_made_anew_and_can_be_taken_away(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = cast.client("outsider")
    post(client, "networks:register_actor", logo=SimpleUploadedFile("logo.png", png(), "image/png"))
    made = Actor.objects.get()
    assert (made.logo.purpose, made.logo.width) == ("networks.logo", 40)
    assert made.logo.token in Client().get(made.get_absolute_url()).text
    post(client, "networks:actor_edit", made.slug, remove_logo="on")
    assert (Actor.objects.get().logo, StoredFile.objects.count()) == (None, 0)


def test_page_is_for_everyone_and_tells_what_a_shared_link_shows(cast, bakery):
    Actor.objects.update(
        does="We bake <b>with</b> wind.", description_url="https://a.example/us", described_on="2026-01-05"
    )
    url = reverse("networks:actor", args=["bakery"])
    assert set(cast.statuses(url).values()) == {200}
    answer = Client().get(url)
    assert 'property="og:title" content="The Green Bakery"' in answer.text
    assert "We bake &lt;b&gt;with&lt;/b&gt; wind." in answer.text
    assert "owner@example.org" not in answer.text
    assert dict(answer.cookies) == {}
    assert "networks:actor_edit" not in answer.text


def test_page_in_memory_is_gone_when_the_actor_is_closed(cast, bakery):
    url = reverse("networks:actor", args=["bakery"])
    first = Client().get(url)
    assert len(page_cache.store._pages) == 1
    assert Client().get(url)["ETag"] == first["ETag"]
    operations.close_actor(actor=bakery, why="We stop", by=cast.owner, now=NOW)
    assert Client().get(url).status_code == 404
    assert "bakery" not in Client().get(reverse("networks:actors")).text


@pytest.mark.parametrize("name", ["networks:actor_edit", "networks:actor_close", "networks:actor_registered"])
def test_only_contacts_and_stewards_manage_an_actor(cast, bakery, name):
    assert cast.statuses(reverse(name, args=["bakery"])) == OWN


@pytest.mark.parametrize("name", ["networks:actor_history", "networks:actor_people"])
def test_its_people_see_people_and_history(cast, bakery, name):
    assert cast.statuses(reverse(name, args=["bakery"])) == {**OWN, "member": 200}


def test_those_of_one_actor_can_do_nothing_with_another(cast, bakery):
    other = factories_networks.actor(slug="other")
    factories_networks.speaker(other, person=cast.outsider)
    offer = factories_networks.speaker(bakery, role=ActorRole.EDITOR)
    person = ActorPerson.objects.get(user=offer)
    client = cast.client("outsider")
    names = ("actor_edit", "actor_close", "actor_history", "actor_people", "invite_to_actor", "actor_registered")
    urls = [reverse(f"networks:{name}", args=["bakery"]) for name in names]
    urls += [reverse(f"networks:{name}", args=["bakery", person.pk]) for name in ("end_actor_role", "own_actor_role")]
    # A role of one actor under the address of another is not there either.
    urls += [reverse("networks:end_actor_role", args=["other", person.pk])]
    assert {client.get(url).status_code for url in urls} == {404}
    assert {client.post(url, answers()).status_code for url in urls} == {404, 405}
    with pytest.raises(Refused):
        operations.change_actor(actor=bakery, facts=facts(), municipalities=[cast.area], by=cast.outsider, now=NOW)


def test_change_of_a_link_has_it_checked_anew(cast, bakery):
    Actor.objects.update(link_state=LinkState.ANSWERS, link_checked_at=NOW)
    client = cast.client("owner")
    post(client, "networks:actor_edit", "bakery", homepage_url=bakery.homepage_url)
    assert Actor.objects.get().link_state == LinkState.ANSWERS
    post(client, "networks:actor_edit", "bakery", homepage_url="https://new.example/")
    assert (Actor.objects.get().link_state, Actor.objects.get().link_checked_at) == (LinkState.UNCHECKED, None)


def test_changed_name_is_seen_at_once_wherever_the_actor_is_shown(cast, bakery):
    elsewhere = factories.area("1883", "Karlskoga", of=factories.county("18", "Örebro"))
    joined = factories_networks.network(factories_networks.newspaper_area(elsewhere), county=elsewhere.parent)
    factories_networks.admitted(joined, bakery)
    convened = factories_networks.network(convener=bakery)
    other = factories_networks.network()
    places = (cast.area, cast.area.parent, elsewhere, elsewhere.parent)
    tags = [bakery.tag, joined.tag, convened.tag, *(area.tag for area in places)]
    before = {tag: page_cache.version_of([tag]) for tag in (*tags, other.tag)}
    assert post(cast.client("owner"), "networks:actor_edit", "bakery", name="The Greener Bakery").status_code == 302
    stale = {tag for tag, version in before.items() if page_cache.version_of([tag]) != version}
    assert stale == set(tags)


def test_form_shows_what_is_known(cast, bakery):
    Actor.objects.update(organisation_number="5560360793", described_on="2026-01-05")
    text = cast.client("owner").get(reverse("networks:actor_edit", args=["bakery"])).text
    assert [word in text for word in ('value="556036-0793"', 'value="2026-01-05"', "Mariestad")] == [True] * 3
    assert text.count(" checked") == 2


def test_history_tells_what_was_changed_by_whom(cast):
    made = register(cast.owner)
    town = factories.area("1473", "Töreboda")
    operations.change_actor(actor=made, facts=facts(name="Baker"), municipalities=[town], by=cast.steward, now=NOW)
    latest, first = changes_of(made)
    assert (latest.by, [tuple(one) for one in latest.differences]) == (
        cast.steward,
        [("Name", "Bakery", "Baker"), ("Municipalities", "", "Töreboda")],
    )
    assert (first.by, first.is_first) == (cast.owner, True)
    assert "Töreboda" in cast.client("owner").get(reverse("networks:actor_history", args=[made.slug])).text


def test_closing_ends_roles_and_offers_and_tells_the_people(cast, bakery):
    cast.client("owner").post(reverse("networks:actor_close", args=["bakery"]), {"why": "We stop"})
    bakery.refresh_from_db()
    assert (bakery.closed_why, ActorPerson.objects.active().count()) == ("We stop", 0)
    assert [mail.to_address for mail in OutboxMessage.objects.all()] == ["member@example.org"]
    assert cast.statuses(reverse("networks:actor_history", args=["bakery"])) == {**OWN, "owner": 404}


def test_steward_reopens_a_closed_actor_and_history_tells_of_it(cast, bakery):
    operations.close_actor(actor=bakery, why="By mistake", by=cast.owner, now=NOW)
    page, reopen = (reverse(f"networks:actor{name}", args=["bakery"]) for name in ("", "_reopen"))
    nobody = {"owner": 404, "member": 404, "outsider": 404, "steward": 200}
    assert cast.statuses(page) == {**nobody, "visitor": 404}
    assert cast.statuses(reopen) == {**nobody, "visitor": 302}
    assert reopen in cast.client("steward").get(page).text
    assert cast.client("owner").post(reopen).status_code == 404
    answer = cast.client("steward").post(reopen)
    assert answer["Location"] == reverse("networks:actor_people", args=["bakery"])
    bakery.refresh_from_db()
    assert (bakery.closed_at, bakery.closed_why) == (None, "")
    assert [(change.by, change.is_reopening) for change in changes_of(bakery)][:2] == [
        (cast.steward, True),
        (cast.owner, False),
    ]
    assert Client().get(page).status_code == 200
    assert cast.client("steward").get(reopen).status_code == 404
    assert ActorPerson.objects.active().count() == 0


def test_actor_whose_number_is_taken_meanwhile_is_not_reopened(cast):
    closed = register(cast.owner, organisation_number="5560360793")
    operations.close_actor(actor=closed, why="Moved", by=cast.owner, now=NOW)
    register(cast.outsider, organisation_number="5560360793")
    for by in (cast.owner, cast.steward):
        with pytest.raises(Refused):
            operations.reopen_actor(actor=closed, by=by, now=NOW)
    assert Actor.objects.exclude(closed_at=None).get() == closed


def test_two_who_reopen_an_actor_at_once_reopen_it_once(at_once):
    steward = factories.steward()
    closed = factories_networks.actor(closed_at=NOW, closed_why="By mistake")
    results = at_once(lambda place: operations.reopen_actor(actor=closed, by=steward, now=NOW), 2)
    assert sorted(type(result).__name__ for result in results) == ["Actor", "Refused"]


def test_actor_leaves_its_networks_before_it_is_closed(cast, bakery):
    network = factories_networks.network(name="The Lake")
    factories_networks.admitted(network, bakery)
    with pytest.raises(Refused) as refused:
        operations.close_actor(actor=bakery, why="We stop", by=cast.owner, now=NOW)
    assert "The Lake" in str(refused.value)
    assert "The Lake" in cast.client("owner").get(reverse("networks:actor_close", args=["bakery"])).text


def test_my_page_lists_the_actors_that_i_speak_for(cast, bakery):
    shown = {
        name: "The Green Bakery" in cast.client(name).get(reverse("portal:my")).text
        for name in ("owner", "member", "outsider")
    }
    assert shown == {"owner": True, "member": True, "outsider": False}


@pytest.mark.parametrize("name", ["actor", "actor_edit", "actor_people", "actor_history"])
def test_pages_ask_as_much_for_three_as_for_one(cast, bakery, name):
    client, url = cast.client("owner"), reverse(f"networks:{name}", args=["bakery"])
    client.get(url)
    counts = []
    for number in range(3):
        bakery.municipalities.add(factories.area(f"999{number}", f"Town {number}"))
        factories_networks.speaker(bakery, role=ActorRole.EDITOR, is_public=True)
        bakery.name = f"Bakery {number}"
        bakery.save()
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert (counts[0], counts[0] <= 14) == (counts[2], True), counts


def test_stewards_find_actors_in_the_administration(cast, bakery):
    pages = [reverse(f"admin:networks_{name}_changelist") for name in ("actor", "actorperson", "actoroffer")]
    pages += [reverse("admin:networks_actor_change", args=[bakery.pk])]
    assert [cast.client("steward").get(page).status_code for page in pages] == [200] * 4
    assert {cast.client("owner").get(page).status_code for page in pages} == {404}
