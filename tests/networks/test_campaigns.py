"""Campaigns from idea to done: who proposes, leads, answers and tells the result, and how versions differ."""

from datetime import date, timedelta

import pytest

from samkraft.networks.models import CAMPAIGN, Campaign, CampaignKind, CampaignPart, CampaignText, PartAnswer
from samkraft.networks.operations import campaigns as operations
from samkraft.networks.queries import campaigns as queries
from samkraft.networks.rules.campaigns import Piece, compared
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui import page_cache
from tests import factories
from tests import factories_campaigns as made
from tests import factories_networks as networks
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def network():
    return networks.network()


@pytest.fixture
def convener(network):
    return networks.convener(network)


def fields(**others):
    return {
        "kind": CampaignKind.ADVERTISEMENT,
        "title": "The bicycle week",
        "goal": "A hundred more on bicycles.",
        "starts_on": date(2026, 5, 4),
        "ends_on": date(2026, 5, 10),
        "lead": None,
        **others,
    }


def mails():
    return [(mail.to_user, mail.kind) for mail in OutboxMessage.objects.order_by("pk")]


def test_member_proposes_and_the_conveners_are_told(network, convener):
    _actor, contact = made.member(network)
    campaign = operations.propose(network=network, fields=fields(), by=contact, now=NOW)
    assert (campaign.state, campaign.created_by, campaign.changed_at) == ("idea", contact, NOW)
    assert mails() == [(convener, "networks.campaign")]


def test_outsider_and_applicant_propose_nothing(network):
    applicant = networks.actor()
    networks.membership(network, applicant)
    for person in (factories.user(), networks.speaker(applicant)):
        with pytest.raises(Refused):
            operations.propose(network=network, fields=fields(), by=person, now=NOW)
    assert not Campaign.objects.exists()


def test_only_a_member_can_lead(network, convener):
    with pytest.raises(Refused):
        operations.propose(network=network, fields=fields(lead=networks.actor()), by=convener, now=NOW)


def test_those_who_lead_are_the_proposer_the_leading_actors_people_and_the_conveners(network, convener):
    lead, of_the_lead = made.member(network)
    _other, of_another = made.member(network)
    _third, proposer = made.member(network)
    campaign = made.campaign(network, created_by=proposer, lead=lead)
    for person in (convener, of_the_lead, proposer):
        operations.edit(campaign=campaign, fields=fields(lead=lead), seen=campaign.changed_at, by=person, now=LATER)
        campaign = queries.campaign(campaign.pk)
    with pytest.raises(Refused):
        operations.edit(campaign=campaign, fields=fields(), seen=campaign.changed_at, by=of_another, now=LATER)


def test_proposer_who_takes_part_no_more_leads_no_more(network):
    campaign = made.campaign(network)
    with pytest.raises(Refused):
        operations.move(campaign=campaign, to="planned", by=campaign.created_by, now=NOW)


def test_second_of_two_who_change_a_campaign_is_told(network, convener):
    campaign = made.campaign(network)
    operations.edit(campaign=campaign, fields=fields(), seen=NOW, by=convener, now=LATER)
    with pytest.raises(Refused) as refused:
        operations.edit(campaign=campaign, fields=fields(title="Mine"), seen=NOW, by=convener, now=LATER)
    assert str(refused.value) == str(operations.CHANGED)
    assert Campaign.objects.get().title == "The bicycle week"


def test_campaign_goes_from_idea_to_done_and_each_step_is_logged(network, convener):
    campaign = made.campaign(network, created_by=convener)
    for to in ("planned", "running", "done"):
        operations.move(campaign=campaign, to=to, by=convener, now=NOW)
    moves = TransitionLog.objects.of(campaign)
    assert [(move.from_state, move.to_state, move.by) for move in moves] == [
        ("idea", "planned", convener),
        ("planned", "running", convener),
        ("running", "done", convener),
    ]
    assert mails() == []


def test_dropping_keeps_the_reason_and_tells_the_proposer(network, convener):
    _actor, proposer = made.member(network)
    campaign = made.campaign(network, created_by=proposer)
    operations.move(campaign=campaign, to="dropped", by=convener, now=NOW, why="No money this year.")
    assert TransitionLog.objects.of(campaign).get().why == "No money this year."
    message = OutboxMessage.objects.get()
    assert (message.to_user, "No money this year." in message.text) == (proposer, True)


def test_of_two_who_move_at_once_the_second_is_told(network, convener):
    mine = made.campaign(network, created_by=convener)
    theirs = queries.campaign(mine.pk)
    operations.move(campaign=mine, to="planned", by=convener, now=NOW)
    with pytest.raises(Refused):
        operations.move(campaign=theirs, to="dropped", by=convener, now=NOW)
    assert Campaign.objects.get().state == "planned"


@pytest.mark.parametrize(("state", "to"), [("idea", "running"), ("idea", "done"), ("done", "idea"), ("idea", "x")])
def test_campaign_takes_no_step_that_is_not_declared(network, convener, state, to):
    campaign = made.campaign(network, state=state)
    with pytest.raises(Refused):
        operations.move(campaign=campaign, to=to, by=convener, now=NOW)


def test_every_state_has_a_way_on():
    assert [state for state in CAMPAIGN.states if not CAMPAIGN.ways_out(state)] == []


def test_member_answers_and_can_change_the_answer(network):
    actor, contact = made.member(network)
    campaign = made.campaign(network)
    for said, with_what in ((PartAnswer.MAYBE, ""), (PartAnswer.YES, "A hall")):
        operations.answer(campaign=campaign, actor=actor, answer=said, contribution=with_what, by=contact, now=NOW)
    part = CampaignPart.objects.get()
    assert (part.answer, part.contribution, part.by) == ("yes", "A hall", contact)


def test_nobody_answers_for_another_actor_nor_for_one_that_is_no_member(network, convener):
    actor, _contact = made.member(network)
    _other, of_another = made.member(network)
    outside = networks.actor()
    campaign = made.campaign(network)
    for who, by in ((actor, convener), (actor, of_another), (outside, networks.speaker(outside))):
        with pytest.raises(Refused):
            operations.answer(campaign=campaign, actor=who, answer="yes", contribution="", by=by, now=NOW)
    assert not CampaignPart.objects.exists()


def test_answers_stay_once_a_campaign_is_over(network):
    actor, contact = made.member(network)
    campaign = made.campaign(network, state="done")
    with pytest.raises(Refused):
        operations.answer(campaign=campaign, actor=actor, answer="no", contribution="", by=contact, now=NOW)


def test_result_is_told_once_the_campaign_has_begun(network, convener):
    campaign = made.campaign(network, created_by=convener)
    with pytest.raises(Refused):
        operations.write_result(campaign=campaign, result="Sun.", seen=NOW, by=convener, now=LATER)
    Campaign.objects.update(state="running")
    campaign.refresh_from_db()
    operations.write_result(campaign=campaign, result="120 came.", seen=NOW, by=convener, now=LATER)
    assert Campaign.objects.get().result == "120 came."
    with pytest.raises(Refused):
        operations.write_result(campaign=campaign, result="None came.", seen=NOW, by=convener, now=LATER)


def test_copy_takes_goal_text_and_tasks_without_dates_owners_and_answers(network, convener, in_english):
    actor, contact = made.member(network)
    campaign = made.campaign(network, text="<p>Come!</p>", text_version=4, state="done", starts_on=date(2026, 5, 4))
    made.task(campaign, contact, title="Book the hall", due_on=date(2026, 4, 1))
    made.part(campaign, actor)
    copied = operations.copy(campaign=queries.campaign(campaign.pk), by=contact, now=LATER)
    assert (copied.title, copied.state, copied.starts_on) == (f"Copy of {campaign.title}", "idea", None)
    assert (copied.goal, copied.text, copied.text_version) == (campaign.goal, "<p>Come!</p>", 1)
    assert CampaignText.objects.get(campaign=copied).number == 1
    task = copied.tasks.get()
    assert (task.title, task.owner, task.due_on, task.done_at) == ("Book the hall", None, None, None)
    assert copied.parts.count() == 0
    with pytest.raises(Refused):
        operations.copy(campaign=campaign, by=factories.user(), now=LATER)


def test_pages_of_the_campaign_and_the_network_are_new_after_a_change(network, convener):
    campaign = made.campaign(network, created_by=convener)
    tags = (queries.campaign_tag(campaign.pk), network.tag)
    before = [page_cache.version_of([tag]) for tag in tags]
    operations.move(campaign=campaign, to="planned", by=convener, now=NOW)
    assert [old < page_cache.version_of([tag]) for old, tag in zip(before, tags, strict=True)] == [True, True]


def test_helpers_are_the_people_of_the_network_and_of_its_members(network, convener, in_english):
    actor, contact = made.member(network)
    networks.speaker(networks.actor())
    asleep = networks.speaker(actor)
    asleep.is_active = False
    asleep.save()
    assert {(helper.user, helper.actor) for helper in queries.helpers(network)} == {(convener, None), (contact, actor)}


def test_helper_without_a_name_is_not_shown_by_their_address(network, in_english):
    nameless = networks.convener(network, person=factories.user("secret@example.org", name=""))
    assert [helper.label for helper in queries.helpers(network)] == ["somebody without a name (the network)"]
    assert nameless.email not in queries.helpers(network)[0].label


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", []),
        ("One.", "One.", [[Piece("same", "One.")]]),
        ("", "One.", [[Piece("added", "One.")]]),
        ("One.", "", [[Piece("removed", "One.")]]),
        (
            "We meet at six.",
            "We meet at seven today.",
            [[Piece("same", "We meet at"), Piece("removed", "six."), Piece("added", "seven today.")]],
        ),
        (
            "One.\n\nTwo.",
            "One.\n\nThree.\n\nTwo.",
            [[Piece("same", "One.")], [Piece("added", "Three.")], [Piece("same", "Two.")]],
        ),
    ],
)
def test_two_texts_are_compared_line_by_line_and_word_by_word(old, new, lines):
    assert compared(old, new) == lines


@pytest.mark.parametrize("between", [" ", "\n"])
def test_texts_that_take_long_to_compare_are_shown_whole(between):
    old, new = between.join(["a"] * 9999), between.join(["a", "b"] * 4999)
    kinds = [piece.kind for line in compared(old, new) for piece in line]
    assert kinds[0] == "same"
    assert {"removed", "added"} < set(kinds)


def test_words_of_both_versions_are_all_there():
    old, new = "one two three four five", "zero two three six five"
    pieces = compared(old, new)[0]
    assert " ".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert " ".join(piece.text for piece in pieces if piece.kind != "removed") == new


def test_very_long_lines_are_compared_as_wholes():
    old, new = "a " * 3000, "b " * 3000
    assert [[piece.kind for piece in line] for line in compared(old, new)] == [["removed", "added"]]
