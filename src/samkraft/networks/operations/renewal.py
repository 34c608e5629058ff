"""What time does to memberships: they become due, actors are reminded, and who does not renew lapses.

60 days before its date a membership is due for renewal. The actor is reminded 60, 30 and 7 days before, and 1 and
14 days after. It lapses 30 days after the date, but never sooner than two weeks after the last reminder. While
evidence waits to be checked, nobody is reminded and nobody lapses: the actor has done its part. In a network that
rests, nothing happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import rules
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import MEMBERSHIP, ConditionVersion, MembershipState, Network, NetworkMembership
from ..queries import memberships as queries
from ..queries.conditions import condition_of
from ..queries.networks import country_of, tags_of
from ..rules import memberships as dates
from .memberships import lapse
from .memberships_notices import tell_actor

BATCH = 200
_LANGUAGES = {"SE": "sv", "NO": "nb", "DK": "da"}
LATE = _("The evidence was not renewed within 30 days after its date.")


@dataclass(frozen=True)
class Report:
    """How many memberships became due, were reminded, and lapsed."""

    due: int = 0
    reminded: int = 0
    lapsed: int = 0


def remind_and_lapse(*, now: datetime) -> Report:
    """Do what the day asks for. Doing it again the same day changes nothing; a late run does what still matters."""
    today = timezone.localdate(now)
    bring_dates_forward(now=now)
    due = sum(_become_due(pk, now) for pk in _batches(_to_become_due(today)))
    lapsed = sum(_lapse(pk, today, now) for pk in _batches(_to_lapse(today)))
    reminded = sum(_remind(pk, today, now) for pk in _batches(_to_remind(today)))
    return Report(due=due, reminded=reminded, lapsed=lapsed)


def bring_dates_forward(*, now: datetime) -> int:
    """Members by an older version of their condition renew by the date that the newest gives. Returns how many."""
    moved = 0
    newest = ConditionVersion.objects.filter(published_at__isnull=False, to_be_met_by__isnull=False)
    for version in newest.select_related("condition__network").order_by("condition", "number"):
        condition = version.condition
        county, network = condition.county_id, condition.network
        if network is not None:
            applies = condition_of(county_id=network.county_id, network_id=network.pk)
        else:
            applies = condition_of(county_id=county)
        if applies is None or applies.pk != version.pk:
            continue
        rows = NetworkMembership.objects.members().filter(due_on__gt=version.to_be_met_by)
        rows = rows.filter(network=network) if network is not None else rows.filter(network__county=county)
        rows = rows.exclude(fulfilment__version=version)
        moved += rows.update(due_on=version.to_be_met_by, reminded_days=None, reminded_on=None, changed_at=now)
    return moved


def _active() -> QuerySet[NetworkMembership]:
    return NetworkMembership.objects.filter(network__state__in=queries.TAKES_PART, actor__closed_at=None)


def _to_become_due(today: date) -> QuerySet[NetworkMembership]:
    return _active().filter(state=MembershipState.ADMITTED, due_on__lte=today + dates.RENEWAL_OPENS)


def _to_remind(today: date) -> QuerySet[NetworkMembership]:
    """Due, with a reminder whose day has come and that was not sent, nor a more urgent one."""
    pending = Q()
    for days in dates.REMINDERS:
        unsent = Q(reminded_days=None) | Q(reminded_days__gt=days)
        pending |= unsent & Q(due_on__lte=today + timedelta(days=days))
    return _active().filter(pending, ~queries.has_waiting(), state=MembershipState.DUE)


def _to_lapse(today: date) -> QuerySet[NetworkMembership]:
    return _active().filter(
        ~queries.has_waiting(),
        state=MembershipState.DUE,
        due_on__lte=today - dates.LAPSES_AFTER,
        reminded_days__lte=dates.LAST_REMINDER,
        reminded_on__lte=today - dates.LAST_WORD,
    )


def _batches(rows: QuerySet[NetworkMembership]) -> Iterable[int]:
    """The ids of the memberships, a batch at a time. What was handled does not come again; ids only grow."""
    last = 0
    while True:
        batch = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _locked(rows: QuerySet[NetworkMembership], pk: int) -> NetworkMembership | None:
    """The membership, if it still is one of these, held until the transaction ends."""
    rows = rows.select_for_update(of=["self"]).select_related("network__county", "actor", "fulfilment__version")
    return rows.filter(pk=pk).first()


@transaction.atomic
def _become_due(pk: int, now: datetime) -> int:
    membership = _locked(_to_become_due(timezone.localdate(now)), pk)
    if membership is None:
        return 0
    log_transition(subject=membership, machine=MEMBERSHIP, to=MembershipState.DUE, by=None, now=now)
    changed(*tags_of(membership.network), membership.actor.tag)
    return 1


@transaction.atomic
def _lapse(pk: int, today: date, now: datetime) -> int:
    membership = _locked(_to_lapse(today), pk)
    if membership is None:
        return 0
    # The reason is kept with the membership and in the log, in one language: that of the network's country.
    with override(_LANGUAGES.get(country_of(membership.network), settings.LANGUAGE_CODE)):
        lapse(membership=membership, why=str(LATE), by=None, now=now)
    return 1


@transaction.atomic
def _remind(pk: int, today: date, now: datetime) -> int:
    membership = _locked(_to_remind(today), pk)
    if membership is None or membership.due_on is None:
        return 0
    days = dates.reminder(membership.due_on, today)
    NetworkMembership.objects.filter(pk=pk).update(reminded_days=days, reminded_on=today)
    _tell_to_renew(membership, f"renewal {membership.due_on} {days}", now)
    return 1


def _tell_to_renew(membership: NetworkMembership, key: str, now: datetime, message: str = "") -> int:
    today = timezone.localdate(now)
    late = membership.due_on is not None and membership.due_on < today
    subject = _("{actor}: the evidence for {network} is overdue") if late else _("{actor}: renew for {network}")
    fulfilment = membership.fulfilment
    newer = bool(
        fulfilment and fulfilment.valid_until and membership.due_on and membership.due_on < fulfilment.valid_until
    )
    return tell_actor(
        membership=membership,
        subject=subject,
        text="membership_renew",
        key=key,
        now=now,
        kind="networks.renewal",
        late=late,
        newer=newer,
        lapses_on=membership.due_on + dates.LAPSES_AFTER if membership.due_on else None,
        message=message,
    )


@transaction.atomic
def remind_all_due(*, network: Network, message: str = "", by: User, now: datetime) -> int:
    """Mail those who are due and have sent nothing, once a day. Returns how many actors. Raises Refused."""
    if not rules.test_rule("networks.convenes", by, network):
        raise Refused(_("Only those who convene the network can do this."))
    if not allow(action=f"networks.remind {network.pk}", account=by, limit=1, period=timedelta(days=1), now=now):
        raise Refused(_("You have already reminded them today."))
    rows = NetworkMembership.objects.in_network(network).filter(~queries.has_waiting(), state=MembershipState.DUE)
    today = timezone.localdate(now)
    told = 0
    for membership in rows.select_related("network", "actor", "fulfilment__version").order_by("pk"):
        told += bool(_tell_to_renew(membership, f"renewal by hand {today}", now, message))
    return told
