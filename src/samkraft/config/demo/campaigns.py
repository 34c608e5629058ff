"""What the demo network does together: an advertisement that is on its way, an exhibition that is done, an idea."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from samkraft.networks.models import Actor, Campaign, CampaignKind, CampaignState, CampaignTask, Network, PartAnswer
from samkraft.networks.operations import campaigns, campaigns_tasks, campaigns_text
from samkraft.networks.queries.campaigns import Helper

from .cast import Cast

_UNDECIDED: dict[str, Any] = {"lead": None, "starts_on": None, "ends_on": None}


def load(*, network: Network, actors: Mapping[str, Actor], cast: Cast, now: datetime) -> None:
    _advertisement(network, actors, cast, now)
    _exhibition(network, actors, cast, now)
    campaigns.propose(
        network=network,
        fields={
            **_UNDECIDED,
            "kind": CampaignKind.OTHER,
            "title": "Samåkning till industriområdet",
            "goal": "Att hälften av dem som jobbar kväll åker tillsammans.",
        },
        by=cast.contact,
        now=now - timedelta(days=4),
    )


def _advertisement(network: Network, actors: Mapping[str, Actor], cast: Cast, now: datetime) -> None:
    begun = now - timedelta(days=41)
    campaign = campaigns.propose(
        network=network,
        fields={
            **_UNDECIDED,
            "kind": CampaignKind.ADVERTISEMENT,
            "title": "Ett uppslag tillsammans i tidningen",
            "goal": "Att alla i bygden ser vad som går att ändra, med ett exempel från varje aktör.",
            "starts_on": (now + timedelta(days=20)).date(),
            "ends_on": (now + timedelta(days=34)).date(),
        },
        by=cast.convener,
        now=begun,
    )
    campaigns.move(campaign=campaign, to=CampaignState.PLANNED, by=cast.convener, now=begun + timedelta(days=1))
    answers = (
        ("Demo Cykelverkstaden", cast.convener, PartAnswer.YES, "Håller ihop arbetet och betalar en fjärdedel"),
        ("Demo Bageriet", cast.editor, PartAnswer.YES, "Berättar om elen från taket"),
        ("Demo Skolan", cast.contact, PartAnswer.MAYBE, "Frågar rektorn"),
    )
    for name, by, answer, contribution in answers:
        campaigns.answer(
            campaign=campaign, actor=actors[name], answer=answer, contribution=contribution, by=by,
            now=begun + timedelta(days=5),
        )  # fmt: skip
    tasks = (
        ("Ta in pris från tidningen", Helper(user=cast.convener, actor=None), -20),
        ("Samla in exemplen från alla", Helper(user=cast.editor, actor=actors["Demo Bageriet"]), 6),
    )
    for title, helper, days in tasks:
        campaigns_tasks.add(
            campaign=campaign, title=title, helper=helper,
            due_on=(now + timedelta(days=days)).date(), by=cast.convener, now=begun + timedelta(days=2),
        )  # fmt: skip
    first = CampaignTask.objects.get(campaign=campaign, owner=cast.convener)
    campaigns_tasks.set_done(task=first, is_done=True, by=cast.convener, now=now - timedelta(days=22))
    texts = (
        ("<p>Det går att ändra. Vi är sju som har börjat.</p>", cast.convener),
        ("<p>Det går att ändra. Vi är sju här i bygden som har börjat, och så här gjorde vi.</p>", cast.editor),
    )
    for seen, (text, by) in enumerate(texts):
        campaigns_text.save_text(campaign=campaign, text=text, seen=seen, by=by, now=begun + timedelta(days=9 + seen))


def _exhibition(network: Network, actors: Mapping[str, Actor], cast: Cast, now: datetime) -> None:
    begun = now - timedelta(days=200)
    campaign = campaigns.propose(
        network=network,
        fields={
            **_UNDECIDED,
            "kind": CampaignKind.EXHIBITION,
            "title": "Så gjorde vi: utställning på biblioteket",
            "goal": "Att visa bygdens egna exempel där folk ändå går förbi.",
            "starts_on": (begun + timedelta(days=30)).date(),
            "ends_on": (begun + timedelta(days=44)).date(),
        },
        by=cast.contact,
        now=begun,
    )
    for state, days in ((CampaignState.PLANNED, 3), (CampaignState.RUNNING, 30)):
        campaigns.move(campaign=campaign, to=state, by=cast.convener, now=begun + timedelta(days=days))
    campaigns.answer(
        campaign=campaign, actor=actors["Demo Skolan"], answer=PartAnswer.YES, contribution="Elevernas affischer",
        by=cast.contact, now=begun + timedelta(days=8),
    )  # fmt: skip
    campaign = Campaign.objects.get(pk=campaign.pk)
    campaigns.write_result(
        campaign=campaign, result="Omkring 400 besökare på två veckor. Tre nya aktörer hörde av sig.",
        seen=campaign.changed_at, by=cast.convener, now=begun + timedelta(days=46),
    )  # fmt: skip
    campaigns.move(campaign=campaign, to=CampaignState.DONE, by=cast.convener, now=begun + timedelta(days=47))
