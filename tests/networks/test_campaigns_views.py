"""The pages of campaigns: who opens which, what each shows, and what they cost."""

from datetime import date, timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from samkraft.networks.models import Campaign, CampaignPart, CampaignTask
from samkraft.networks.operations import campaigns_text
from samkraft.networks.panels import campaigns as panels
from samkraft.ui import page_cache
from tests import factories
from tests import factories_campaigns as made
from tests import factories_networks as networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
OUTSIDE = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}


@pytest.fixture
def network():
    return networks.network(name="Skaraborg together")


@pytest.fixture
def member(network):
    return made.member(network, "The bakery")


@pytest.fixture
def campaign(network, member):
    return made.campaign(network, title="The bicycle week", created_by=member[1])


def address(name, *args):
    return reverse(f"networks:{name}", args=args)


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_working_pages_are_there_only_for_those_who_take_part(cast, campaign, network):
    campaigns_text.save_text(campaign=campaign, text="<p>Hi</p>", seen=0, by=campaign.created_by, now=NOW)
    task = made.task(campaign, campaign.created_by)
    pages = [
        address("campaign_work", campaign.pk),
        address("campaign_edit", campaign.pk),
        address("campaign_move", campaign.pk, "dropped"),
        address("campaign_copy", campaign.pk),
        address("campaign_task_add", campaign.pk),
        address("campaign_task", task.pk),
        address("campaign_task_remove", task.pk),
        address("campaign_text", campaign.pk),
        address("campaign_text_versions", campaign.pk),
        address("campaign_text_version", campaign.pk, 1),
        address("campaign_text_paper", campaign.pk),
        address("campaign_text_plain", campaign.pk),
        address("campaign_propose", network.slug),
        address("campaigns_export", network.slug),
    ]
    assert {page: cast.statuses(page) for page in pages} == dict.fromkeys(pages, OUTSIDE)
    own = signed_in(campaign.created_by)
    assert {page: own.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_buttons_do_nothing_for_those_outside(cast, campaign, member):
    campaigns_text.save_text(campaign=campaign, text="<p>Hi</p>", seen=0, by=campaign.created_by, now=NOW)
    task = made.task(campaign, campaign.created_by)
    buttons = [
        address("campaign_move", campaign.pk, "planned"),
        address("campaign_task_done", task.pk),
        address("campaign_task_remove", task.pk),
        address("campaign_restore", campaign.pk, 1),
        address("campaign_copy", campaign.pk),
        address("campaign_part", campaign.pk, member[0].pk),
    ]
    before = list(Campaign.objects.values())
    for name in ("owner", "member", "outsider", "visitor"):
        client = cast.client(name)
        answers = {client.post(url, {"done": "yes", "answer": "yes", "version": "1"}).status_code for url in buttons}
        assert answers == {302 if name == "visitor" else 404}
    assert list(Campaign.objects.values()) == before
    assert (CampaignTask.objects.get().done_at, CampaignPart.objects.count()) == (None, 0)


def test_result_page_is_there_once_the_campaign_runs(cast, campaign):
    url = address("campaign_result", campaign.pk)
    assert cast.statuses(url) == {**OUTSIDE, "steward": 404}
    Campaign.objects.update(state="running")
    assert cast.statuses(url) == OUTSIDE


@pytest.mark.parametrize(
    ("state", "status"), [("idea", 404), ("dropped", 404), ("planned", 200), ("running", 200), ("done", 200)]
)
def test_public_page_is_there_for_what_is_planned_running_or_done(cast, campaign, member, state, status):
    Campaign.objects.update(state=state)
    url = address("campaign", campaign.pk)
    inside = 302 if status == 404 else 200
    assert cast.statuses(url) == {**dict.fromkeys(OUTSIDE, status), "steward": inside}
    assert signed_in(member[1]).get(url).status_code == inside


def test_public_page_shows_goal_dates_yes_and_result_and_nothing_of_the_work(client, campaign, network, in_english):
    Campaign.objects.update(
        state="running",
        text="<p>The secret text</p>",
        text_version=1,
        result="120 came.",
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 10),
    )
    made.part(campaign, networks.actor(name="Says yes"), contribution="A hall")
    made.part(campaign, networks.actor(name="Says maybe"), "maybe", contribution="Perhaps cakes")
    made.part(campaign, networks.actor(name="Says no"), "no")
    made.task(campaign, factories.user(name="Worker"), title="The secret task")
    page = client.get(address("campaign", campaign.pk)).content.decode()
    shown = ["The bicycle week", campaign.goal, "May 4, 2026", "Says yes", "A hall", "120 came."]
    hidden = ["Says maybe", "Says no", "Perhaps cakes", "secret", "Worker", '<form method="post"']
    assert [text for text in shown if text not in page] == []
    assert [text for text in hidden if text in page] == []


def test_reading_sets_no_cookie(client, campaign, network):
    Campaign.objects.update(state="running")
    for url in (address("campaign", campaign.pk), address("campaigns", network.slug)):
        assert not client.get(url).cookies


def test_board_shows_strangers_what_is_told_and_the_network_everything(cast, campaign, network, member, in_english):
    for state in ("planned", "running", "done", "dropped"):
        made.task(made.campaign(network, state=state, title=f"It is {state}"), title="Hidden work")
    url = address("campaigns", network.slug)
    stranger = Client().get(url).content.decode()
    inside = signed_in(member[1]).get(url).content.decode()
    titles = ["The bicycle week", "It is planned", "It is running", "It is done", "It is dropped"]
    assert [title in stranger for title in titles] == [False, True, True, True, False]
    assert [title in inside for title in titles] == [True] * 5
    assert ("task left" in stranger, "task left" in inside) == (False, True)
    assert ('method="post"' in stranger, 'method="post"' in inside) == (False, True)
    assert cast.statuses(url) == dict.fromkeys(OUTSIDE, 200)


def test_board_of_a_draft_is_not_there(cast, network):
    draft = networks.network(state="draft")
    assert set(cast.statuses(address("campaigns", draft.slug)).values()) == {404}


def test_board_has_buttons_only_for_those_who_lead(network, member, campaign):
    other = made.member(network)[1]
    url = address("campaigns", network.slug)
    assert address("campaign_move", campaign.pk, "planned") in signed_in(member[1]).get(url).content.decode()
    assert address("campaign_move", campaign.pk, "planned") not in signed_in(other).get(url).content.decode()


def test_one_state_is_a_list_of_its_own(client, network, member):
    for number in range(14):
        made.campaign(network, state="done", title=f"Campaign number {number}")
    url = address("campaigns", network.slug)
    assert [len(column.cards) for column in client.get(url).context["columns"]] == [0, 0, 12]
    assert len(client.get(url + "?state=done").context["cards"]) == 14
    assert "cards" not in client.get(url + "?state=idea").context
    assert len(signed_in(member[1]).get(url + "?state=idea").context["cards"]) == 0


def test_board_and_pages_cost_the_same_for_one_and_three(network, member, campaign, django_assert_max_num_queries):
    client = signed_in(member[1])
    urls = [
        address("campaigns", network.slug),
        address("campaign_work", campaign.pk),
        address("campaigns_export", network.slug),
    ]

    def more():
        for state in ("idea", "planned"):
            one = made.campaign(network, state=state, lead=member[0])
            made.part(one, member[0])
            made.task(one, member[1])
        made.part(campaign, made.member(network)[0])
        made.task(campaign, member[1])

    more()
    for url in urls:  # what a process asks for once, such as the numbers of content types
        client.get(url)
    counts = []
    for _round in range(2):
        for url in urls:
            with django_assert_max_num_queries(25) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
        more()
        more()
    assert counts[:3] == counts[3:]


def test_public_page_and_board_cost_at_most_twelve(client, network, campaign, django_assert_max_num_queries):
    Campaign.objects.update(state="running")
    for url in (address("campaigns", network.slug), address("campaign", campaign.pk)):
        with django_assert_max_num_queries(14):
            assert client.get(url).status_code == 200


def test_proposing_by_the_form(network, member):
    client = signed_in(member[1])
    sent = {"kind": "letter", "title": "A letter", "goal": "", "starts_on": "", "ends_on": "", "lead": member[0].pk}
    answer = client.post(address("campaign_propose", network.slug), sent)
    made_one = Campaign.objects.get()
    assert answer.url == address("campaign_work", made_one.pk)
    assert (made_one.kind, made_one.lead, made_one.state) == ("letter", member[0], "idea")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "war"}, "kind"),
        ({"starts_on": "2026-05-10", "ends_on": "2026-05-04"}, "ends_on"),
        ({"lead": "999999"}, "lead"),
        ({"title": "x" * 161}, "title"),
    ],
)
def test_form_says_what_is_wrong(network, member, wrong, field):
    sent = {"kind": "letter", "title": "A letter", **wrong}
    answer = signed_in(member[1]).post(address("campaign_propose", network.slug), sent)
    assert list(answer.context["form"].errors) == [field]


def test_changing_by_the_form_tells_the_second_of_two(member, campaign):
    client = signed_in(member[1])
    sent = {"kind": "event", "title": "New title", "seen": campaign.changed_at.isoformat()}
    url = address("campaign_edit", campaign.pk)
    assert client.post(url, sent).status_code == 302
    second = client.post(url, {**sent, "title": "Another"})
    assert second.status_code == 200
    assert len(second.context["form"].non_field_errors()) == 1
    assert Campaign.objects.get().title == "New title"
    assert client.post(url, {**sent, "seen": "x"}).status_code == 200


def test_moving_by_the_board_leads_back_to_it(network, member, campaign):
    client = signed_in(member[1])
    answer = client.post(address("campaign_move", campaign.pk, "planned"), {"back": "board"})
    assert (answer.url, Campaign.objects.get().state) == (address("campaigns", network.slug), "planned")
    client.post(address("campaign_move", campaign.pk, "done"))
    assert Campaign.objects.get().state == "planned"
    assert client.get(address("campaign_move", campaign.pk, "done")).status_code == 404


def test_answering_by_the_form_is_for_ones_own_actor(network, member, campaign):
    client = signed_in(member[1])
    url = address("campaign_part", campaign.pk, member[0].pk)
    assert client.post(url, {"answer": "yes", "contribution": "Bread"}).status_code == 302
    assert CampaignPart.objects.get().contribution == "Bread"
    other = made.member(network)[0]
    assert client.post(address("campaign_part", campaign.pk, other.pk), {"answer": "yes"}).status_code == 404
    assert client.post(url, {"answer": "surely"}).status_code == 200


def test_task_goes_the_whole_way_by_the_pages(network, member, campaign):
    client = signed_in(member[1])
    key = f"{member[1].pk}-{member[0].pk}"
    sent = {"title": "Bake", "helper": key, "due_on": "2026-05-01"}
    client.post(address("campaign_task_add", campaign.pk), sent)
    task = CampaignTask.objects.get()
    assert (task.owner, task.actor, task.due_on) == (member[1], member[0], date(2026, 5, 1))
    assert client.post(address("campaign_task", task.pk), {**sent, "helper": "1-999"}).status_code == 200
    client.post(address("campaign_task", task.pk), {**sent, "title": "Bake bread", "helper": ""})
    task.refresh_from_db()
    assert (task.title, task.owner) == ("Bake bread", None)
    assert client.post(address("campaign_task_done", task.pk), {"done": "yes", "back": "my"}).url == reverse(
        "portal:my"
    )
    task.refresh_from_db()
    assert task.done_by == member[1]
    client.post(address("campaign_task_remove", task.pk))
    assert not CampaignTask.objects.exists()


def test_network_page_shows_what_runs_and_then_what_is_planned(network):
    for state in ("idea", "planned", "running", "done", "dropped"):
        made.campaign(network, state=state, title=state)
    shown = panels.campaigns(request=RequestFactory().get("/"), network=network)
    assert [card.campaign.title for card in shown["cards"]] == ["running", "planned"]
    assert panels.campaigns(request=RequestFactory().get("/"), network=networks.network()) is None


def test_my_page_shows_my_tasks(member, campaign):
    made.task(campaign, member[1], title="Bake bread", due_on=NOW.date() - timedelta(days=1))
    assert "Bake bread" in signed_in(member[1]).get(reverse("portal:my")).content.decode()
    assert panels.tasks(request=RequestFactory().get("/"), user=factories.user()) is None


def test_export_has_a_row_for_each_campaign_and_no_formula(network, member, in_english):
    made.campaign(network, title="=1+1", state="running")
    lines = signed_in(member[1]).get(address("campaigns_export", network.slug)).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("campaign;kind;state;goal;begins")
    assert lines[1].startswith("'=1+1;event;running;")


def test_change_of_a_campaign_is_seen_at_once_by_those_without_account(network, member, campaign, client):
    Campaign.objects.update(state="running")
    url = address("campaign", campaign.pk)
    assert client.get(url).status_code == 200
    signed_in(member[1]).post(address("campaign_move", campaign.pk, "dropped"), {"why": ""})
    assert client.get(url).status_code == 404
    page_cache.store.clear()
