"""Whom a network invites to its umbrella meetings, and which meetings its page shows."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from samkraft.meetings.hosts import Invitee
from samkraft.meetings.models import Meeting, MeetingSeries, MeetingState

from ..models import ActorPerson, Network, NetworkPerson
from ..models.memberships import MEMBER_STATES


def invitees(network: Network) -> list[Invitee]:
    """The contacts and editors of all member actors, and the network's own people who speak for none of them.

    A person is named once for each actor, as one who can decide if any of their roles for it says so.
    """
    speakers = ActorPerson.objects.active().filter(
        actor__memberships__network=network, actor__memberships__state__in=MEMBER_STATES, user__is_active=True
    )
    found: dict[tuple[int, int], Invitee] = {}
    for speaker in speakers.select_related("user", "actor").order_by("actor__name", "pk"):
        key = (speaker.user_id, speaker.actor_id)
        before = found.get(key)
        found[key] = Invitee(
            name=speaker.user.name,
            user=speaker.user,
            party=speaker.actor,
            party_name=speaker.actor.name,
            is_decision_maker=speaker.is_decision_maker or (before is not None and before.is_decision_maker),
        )
    known = {user for user, _actor in found}
    own = NetworkPerson.objects.active().filter(network=network, user__is_active=True).exclude(user__in=known)
    others = {person.user_id: person.user for person in own.select_related("user").order_by("pk")}
    return [*found.values(), *(Invitee(name=user.name, user=user) for user in others.values())]


def shown_meetings(network: Network, *, takes_part: bool) -> QuerySet[Meeting]:
    """All meetings for those who take part; for strangers those that were called and not cancelled."""
    rows: Any = Meeting.objects.of(network)
    return (rows if takes_part else rows.announced()).select_related("series")


def running_series(network: Network, now: datetime) -> QuerySet[MeetingSeries]:
    """Series that have meetings ahead, with how many and when the next one is."""
    ahead = Q(meetings__ends_at__gt=now) & ~Q(meetings__state=MeetingState.CANCELLED)
    rows: Any = MeetingSeries.objects.of(network)
    return (
        rows.annotate(ahead=Count("meetings", filter=ahead), next_at=Min("meetings__starts_at", filter=ahead))
        .filter(ahead__gt=0)
        .order_by("next_at", "pk")
    )
