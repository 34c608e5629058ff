"""The text that is written together: versions, two savers at once, comparing and restoring."""

from datetime import timedelta

import pytest
from django.urls import reverse

from samkraft.networks.models import Campaign, CampaignText
from samkraft.networks.operations import campaigns_text as operations
from samkraft.networks.queries import campaigns as queries
from samkraft.records.refusals import Refused
from tests import factories
from tests import factories_campaigns as made
from tests import factories_networks as networks
from tests.factories import NOW


def save(campaign, text, seen, by, now=NOW):
    return operations.save_text(campaign=campaign, text=text, seen=seen, by=by, now=now)


@pytest.fixture
def network(db):
    return networks.network()


@pytest.fixture
def writer(network):
    return networks.convener(network, person=factories.user(name="Writer"))


@pytest.fixture
def campaign(network, writer):
    return made.campaign(network, created_by=writer, title="The bicycle week")


def address(name, campaign, *more):
    return reverse(f"networks:{name}", args=[campaign.pk, *more])


def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_each_saving_is_a_version(campaign, writer):
    assert [save(campaign, "<p>One</p>", 0, writer), save(campaign, "<p>Two</p>", 1, writer)] == [1, 2]
    versions = CampaignText.objects.order_by("number").values_list("number", "text", "by")
    assert list(versions) == [(1, "<p>One</p>", writer.pk), (2, "<p>Two</p>", writer.pk)]
    assert (Campaign.objects.get().text, Campaign.objects.get().text_version) == ("<p>Two</p>", 2)


def test_same_text_again_makes_no_version(campaign, writer):
    save(campaign, "<p>One</p>", 0, writer)
    assert save(campaign, "<p>One</p>", 1, writer) == 1
    assert CampaignText.objects.count() == 1


def test_second_saver_is_told_and_nothing_is_overwritten(campaign, writer, network):
    _actor, contact = made.member(network)
    save(campaign, "<p>Theirs</p>", 0, contact)
    with pytest.raises(operations.TextChanged):
        save(campaign, "<p>Mine</p>", 0, writer)
    assert Campaign.objects.get().text == "<p>Theirs</p>"
    assert CampaignText.objects.count() == 1


def test_those_outside_write_nothing_and_a_dropped_campaign_is_left_alone(campaign, writer):
    with pytest.raises(Refused):
        save(campaign, "<p>Mine</p>", 0, factories.user())
    campaign.state = "dropped"
    campaign.save()
    with pytest.raises(Refused):
        save(campaign, "<p>Mine</p>", 0, writer)


def test_older_version_is_restored_as_a_new_one(campaign, writer):
    for number, text in enumerate(("<p>One</p>", "<p>Two</p>")):
        save(campaign, text, number, writer)
    first = CampaignText.objects.get(number=1)
    assert operations.restore_text(version=first, seen=2, by=writer, now=NOW) == 3
    assert list(CampaignText.objects.order_by("number").values_list("text", flat=True)) == [
        "<p>One</p>",
        "<p>Two</p>",
        "<p>One</p>",
    ]


def test_page_shows_both_texts_to_the_second_saver_and_loses_neither(client, campaign, writer, network, in_english):
    _actor, contact = made.member(network)
    signed_in(client, writer)
    save(campaign, "<p>Come on Saturday</p>", 0, contact)
    sent = {"text": "Come on Sunday & bring <b>friends</b>", "version": "0"}
    answer = client.post(address("campaign_text", campaign), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Come on Saturday" in page
    assert "Nothing of yours is lost." in page
    assert "Saturday</del>" in page
    form = answer.context["form"]
    assert form.initial["text"] == "<p>Come on Sunday &amp; bring &lt;b&gt;friends&lt;/b&gt;</p>"
    assert 'name="version" value="1"' in page
    answer = client.post(address("campaign_text", campaign), {**sent, "version": "1"})
    assert answer.status_code == 302
    assert queries.campaign(campaign.pk).text_version == 2


def test_text_is_sanitised_whichever_way_it_comes(client, campaign, writer):
    signed_in(client, writer)
    sent = {"text": "<p>Hi<script>alert(1)</script></p>", "text_format": "html", "version": "0"}
    client.post(address("campaign_text", campaign), sent)
    assert Campaign.objects.get().text == "<p>Hi</p>"


def test_version_tells_what_it_changed_since_the_one_before_and_since_any_other(client, campaign, writer):
    signed_in(client, writer)
    for number, text in enumerate(("<p>One two</p>", "<p>One three</p>", "<p>One four</p>")):
        save(campaign, text, number, writer)
    kinds = [
        [piece.text for piece in answer.context["lines"][0]]
        for answer in (
            client.get(address("campaign_text_version", campaign, 3)),
            client.get(address("campaign_text_version", campaign, 3) + "?since=1"),
            client.get(address("campaign_text_version", campaign, 1)),
            client.get(address("campaign_text_version", campaign, 1) + "?since=99999999999"),
        )
    ]
    assert kinds == [["One", "three", "four"], ["One", "two", "four"], ["One two"], ["One two"]]
    assert client.get(address("campaign_text_version", campaign, 9)).status_code == 404


def test_restoring_by_the_button_needs_the_newest_version(client, campaign, writer):
    signed_in(client, writer)
    for number, text in enumerate(("<p>One</p>", "<p>Two</p>")):
        save(campaign, text, number, writer)
    for seen in ("1", "x", "", "9" * 30):
        client.post(address("campaign_restore", campaign, 1), {"version": seen})
        assert Campaign.objects.get().text_version == 2
    client.post(address("campaign_restore", campaign, 1), {"version": "2"})
    assert (Campaign.objects.get().text, Campaign.objects.get().text_version) == ("<p>One</p>", 3)


def test_text_is_had_as_plain_text_and_on_paper(client, campaign, writer):
    signed_in(client, writer)
    save(campaign, "<p>Come &amp; see</p><ul><li>bicycles</li></ul>", 0, writer)
    answer = client.get(address("campaign_text_plain", campaign))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "The bicycle week\n\nCome & see\n\n- bicycles\n"
    assert "<li>bicycles</li>" in client.get(address("campaign_text_paper", campaign)).content.decode()


def test_versions_cost_the_same_for_one_and_three(client, campaign, writer, django_assert_max_num_queries):
    signed_in(client, writer)
    save(campaign, "<p>1</p>", 0, writer)
    with django_assert_max_num_queries(12) as one:
        client.get(address("campaign_text_versions", campaign))
    for number in (1, 2):
        save(campaign, f"<p>{number + 1}</p>", number, writer, NOW + timedelta(hours=number))
    with django_assert_max_num_queries(12) as three:
        assert len(client.get(address("campaign_text_versions", campaign)).context["page"]) == 3
    assert len(one) == len(three)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(at_once):
    network = networks.network()
    writers = [networks.convener(network), networks.convener(network)]
    campaign = made.campaign(network)

    def work(place):
        return save(queries.campaign(campaign.pk), f"<p>{place}</p>", 0, writers[place])

    results = at_once(work, 2)
    assert sorted(type(result).__name__ for result in results) == ["TextChanged", "int"]
    assert CampaignText.objects.count() == 1
