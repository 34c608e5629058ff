"""What is read about campaigns: a network's board, one campaign, its tasks, and who can be given one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import rules
from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _

from samkraft.people.models import User

from ..models import (
    CAMPAIGN,
    Actor,
    ActorPerson,
    Campaign,
    CampaignPart,
    CampaignState,
    CampaignTask,
    Network,
    NetworkMembership,
    NetworkPerson,
    PartAnswer,
)

COLUMNS = (CampaignState.IDEA, CampaignState.PLANNED, CampaignState.RUNNING, CampaignState.DONE, CampaignState.DROPPED)
TOLD = (CampaignState.PLANNED, CampaignState.RUNNING, CampaignState.DONE)
MOST_IN_A_COLUMN = 12


def campaign_tag(pk: int) -> str:
    """The page cache's tag of what is shown about a campaign."""
    return f"campaign:{pk}"


def with_all() -> QuerySet[Campaign]:
    """Campaigns of networks that anyone may see, with all that a page or a card shows."""
    parts = CampaignPart.objects.select_related("actor").order_by("actor__name", "pk")
    tasks = CampaignTask.objects.select_related("owner", "actor").order_by(F("due_on").asc(nulls_last=True), "pk")
    campaigns = Campaign.objects.filter(network__in=Network.objects.open()).defer("text")
    return campaigns.select_related("lead").prefetch_related(Prefetch("parts", parts), Prefetch("tasks", tasks))


def campaign(pk: int) -> Campaign | None:
    rows = Campaign.objects.filter(network__in=Network.objects.open())
    return rows.select_related("network__newspaper_area", "network__county", "lead", "created_by").filter(pk=pk).first()


def takes_part(user: Any, network: Network) -> bool:
    return rules.test_rule("networks.takes_part", user, network)


def of_state(network: Network, state: str) -> QuerySet[Campaign]:
    """A network's campaigns in one state: those that come first in time first, of what is over the latest."""
    over = state in {CampaignState.DONE, CampaignState.DROPPED}
    rows = with_all().in_network(network).filter(state=state)
    return rows.order_by("-changed_at", "-pk") if over else rows.order_by(F("starts_on").asc(nulls_last=True), "pk")


@dataclass
class Card:
    """A campaign as the board shows it, and whether the reader leads it."""

    campaign: Campaign
    leads: bool
    comes: list[CampaignPart] = field(init=False)
    perhaps: list[CampaignPart] = field(init=False)
    open_tasks: list[CampaignTask] = field(init=False)
    ways: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.comes = [part for part in self.campaign.parts.all() if part.answer == PartAnswer.YES]
        self.perhaps = [part for part in self.campaign.parts.all() if part.answer == PartAnswer.MAYBE]
        self.open_tasks = [task for task in self.campaign.tasks.all() if task.done_at is None]
        self.ways = tuple(CAMPAIGN.ways_out(self.campaign.state)) if self.leads else ()


@dataclass(frozen=True)
class Column:
    state: CampaignState
    cards: list[Card]
    more: bool


def board(network: Network, user: Any, *, whole: bool) -> list[Column]:
    """The board's columns; without ideas and dropped ones unless `whole`. Each has the first few of its state."""
    found = []
    led = led_by(user, network) if whole else None
    for state in COLUMNS if whole else TOLD:
        rows = list(of_state(network, state)[: MOST_IN_A_COLUMN + 1])
        cards = [Card(row, led is not None and led.leads(row)) for row in rows[:MOST_IN_A_COLUMN]]
        found.append(Column(state, cards, more=len(rows) > MOST_IN_A_COLUMN))
    return found


@dataclass(frozen=True)
class Leading:
    """Which of a network's campaigns a person leads, told without asking for each."""

    user_id: int
    convenes: bool
    actors: frozenset[int]

    def leads(self, row: Campaign) -> bool:
        return self.convenes or row.created_by_id == self.user_id or row.lead_id in self.actors


def led_by(user: Any, network: Network) -> Leading:
    actors = ActorPerson.objects.active().filter(user=user).values_list("actor_id", flat=True)
    return Leading(user.pk, rules.test_rule("networks.convenes", user, network), frozenset(actors))


def member_actors(network: Network) -> QuerySet[Actor]:
    members = NetworkMembership.objects.in_network(network).members().values("actor")
    return Actor.objects.filter(pk__in=members).order_by("name", "pk")


def own_members(user: Any, network: Network) -> list[Actor]:
    """The network's members that the person writes for."""
    mine = ActorPerson.objects.active().filter(user=user).values("actor")
    return list(member_actors(network).filter(pk__in=mine))


@dataclass(frozen=True)
class Helper:
    """Somebody who can be given a task, and for whom they would do it; None for the network itself."""

    user: User
    actor: Actor | None

    @property
    def key(self) -> str:
        return f"{self.user.pk}-{self.actor.pk if self.actor else 0}"

    @property
    def label(self) -> str:
        name = self.user.name or _("somebody without a name")
        return f"{name} ({self.actor.name if self.actor else _('the network')})"


def helpers(network: Network) -> list[Helper]:
    """The people of the network and of its members, by name; one who speaks for two actors stands there twice."""
    own = NetworkPerson.objects.active().filter(network=network, user__is_active=True).select_related("user")
    actors = ActorPerson.objects.active().filter(
        actor__in=NetworkMembership.objects.in_network(network).members().values("actor"), user__is_active=True
    )
    found = {Helper(person.user, None).key: Helper(person.user, None) for person in own}
    for person in actors.select_related("user", "actor"):
        helper = Helper(person.user, person.actor)
        found[helper.key] = helper
    return sorted(found.values(), key=lambda helper: (helper.label.casefold(), helper.key))


def tasks_of(user: Any) -> QuerySet[CampaignTask]:
    """A person's open tasks, the most urgent first, in campaigns that are not over."""
    going = [CampaignState.IDEA, CampaignState.PLANNED, CampaignState.RUNNING]
    rows = CampaignTask.objects.filter(owner=user, done_at=None, campaign__state__in=going)
    rows = rows.filter(campaign__network__in=Network.objects.open())
    return rows.select_related("campaign__network").order_by(F("due_on").asc(nulls_last=True), "pk")


def coming(network: Network, most: int) -> list[Card]:
    """What runs and what is planned, for the network's page: what runs first."""
    rows = with_all().in_network(network).filter(state__in=[CampaignState.RUNNING, CampaignState.PLANNED])
    rows = rows.order_by("-state", F("starts_on").asc(nulls_last=True), "pk")
    return [Card(row, leads=False) for row in rows[:most]]


def sheet(rows: Iterable[Campaign]) -> tuple[Sequence[str], list[list[Any]]]:
    """The board as a table to save: headings, and one row a campaign."""
    headings = [
        _("campaign"),
        _("kind"),
        _("state"),
        _("goal"),
        _("begins"),
        _("ends"),
        _("led by"),
        _("take part"),
        _("perhaps"),
        _("open tasks"),
        _("result"),
    ]
    cards = [Card(row, leads=False) for row in rows]
    return headings, [
        [
            card.campaign.title,
            card.campaign.get_kind_display(),
            card.campaign.get_state_display(),
            card.campaign.goal,
            card.campaign.starts_on,
            card.campaign.ends_on,
            card.campaign.lead.name if card.campaign.lead else "",
            ", ".join(part.actor.name for part in card.comes),
            ", ".join(part.actor.name for part in card.perhaps),
            ", ".join(task.title for task in card.open_tasks),
            card.campaign.result,
        ]
        for card in cards
    ]
