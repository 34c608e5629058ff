"""Writing and publishing conditions. A published wording is never changed: a new one comes beside it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import rules
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.page_cache import changed

from ..models import Condition, ConditionVersion, Network, NetworkState
from ..queries import conditions as queries
from ..queries import networks as network_queries
from . import renewal

SHORTEST_NOTICE = timedelta(days=14)
LONGEST_NOTICE = timedelta(days=731)

_NOT_YOURS = _("You may not write this condition.")
_CHANGED = _("Somebody else has just changed this draft. Look at it again, and save what you want to keep.")


@dataclass(frozen=True)
class Wording:
    """What a version says. `text` is sanitised when it is saved."""

    title: str
    text: str
    evidence_kind: str
    pledge_url: str = ""
    additions: str = ""
    lasts_months: int = 12


@transaction.atomic
def save_draft(
    *, condition: Condition, wording: Wording, by: User, now: datetime, seen: datetime | None = None
) -> ConditionVersion:
    """Keep a wording that is being written; there is one draft at a time.

    `seen` is when the draft that the writer began from was saved, None where there was none. Raises Refused
    when somebody else has saved, published or begun another meanwhile.
    """
    _check_writer(condition, by)
    condition = _kept(condition)
    fields = {**asdict(wording), "text": rich_text.clean(wording.text), "drafted_by": by, "drafted_at": now}
    if seen is not None:
        rows = condition.versions.filter(published_at=None, drafted_at=seen)
        if not rows.update(**fields):
            raise Refused(_CHANGED)
        return condition.versions.get(published_at=None)
    latest = condition.versions.order_by("-number").first()
    if latest is not None and latest.published_at is None:
        raise Refused(_("Somebody else has just begun a new version. Go on from theirs."))
    try:
        with transaction.atomic():
            return condition.versions.create(number=latest.number + 1 if latest else 1, **fields)
    except IntegrityError as error:
        raise Refused(_("Somebody else has just begun a new version. Go on from theirs.")) from error


@transaction.atomic
def discard_draft(*, version: ConditionVersion, seen: datetime, by: User) -> None:
    """Throw a draft away. Raises Refused when it is no longer the draft that was seen."""
    _check_writer(version.condition, by)
    rows = ConditionVersion.objects.filter(pk=version.pk, published_at=None, drafted_at=seen)
    if not rows.delete()[0]:
        raise Refused(_CHANGED)


@transaction.atomic
def publish_draft(
    *, version: ConditionVersion, seen: datetime, by: User, now: datetime, to_be_met_by: date | None = None
) -> ConditionVersion:
    """Publish the draft that was seen in the preview, and tell all concerned, each once.

    Where actors are members already, `to_be_met_by` is the date by which they meet the new wording; who has later
    to renew renews by then. Raises
    Refused when somebody else changed or published it first.
    """
    condition = version.condition
    _check_writer(condition, by)
    networks = queries.networks_under(condition)
    if queries.has_members(networks):
        _check_date(to_be_met_by, timezone.localdate(now))
    else:
        to_be_met_by = None
    rows = ConditionVersion.objects.filter(pk=version.pk, published_at=None, drafted_at=seen)
    if not rows.update(published_at=now, published_by=by, to_be_met_by=to_be_met_by):
        raise Refused(_CHANGED)
    version.refresh_from_db()
    renewal.bring_dates_forward(now=now)
    for person in queries.concerned(networks):
        if person.pk != by.pk:
            _tell(version, person, now)
    changed(*_tags(condition, networks))
    return version


def _check_writer(condition: Condition, by: User) -> None:
    if not rules.test_rule("networks.sets_condition", by, condition):
        raise Refused(_NOT_YOURS)
    network = condition.network
    if network is None:
        return
    if network.state == NetworkState.WITHDRAWN:
        raise Refused(_("This network is withdrawn."))
    if queries.condition_of(county_id=network.county_id) is not None:
        raise Refused(_("The county has a condition, and it applies in this network."))


def _check_date(to_be_met_by: date | None, today: date) -> None:
    if to_be_met_by is None:
        raise Refused(_("There are members already. Say by which date they are to meet the new version."))
    if to_be_met_by < today + SHORTEST_NOTICE:
        raise Refused(_("Give the members at least two weeks."))
    if to_be_met_by > today + LONGEST_NOTICE:
        raise Refused(_("Choose a date within two years."))


def _kept(condition: Condition) -> Condition:
    """The row of the condition; of two who begin at the same moment both get the same one."""
    if condition.pk is not None:
        return condition
    owner = {"county": condition.county} if condition.county is not None else {"network": condition.network}
    return Condition.objects.get_or_create(**owner)[0]


def _tell(version: ConditionVersion, person: User, now: datetime) -> None:
    condition = version.condition
    whose = condition.county.full_name if condition.county is not None else condition.network.name
    tell(
        to=person,
        kind="networks.condition",
        subject=format_lazy(_("New version of the condition: {whose}"), whose=whose),
        text=from_template("networks/mail/condition_published.txt", {"version": version, "whose": whose}),
        url=network_queries.condition_address(condition),
        now=now,
        dedupe_key=f"condition version {version.pk} to {person.pk}",
    )


def _tags(condition: Condition, networks: list[Network]) -> set[str]:
    """What shows the condition: the county's pages, those of the networks and of their municipalities."""
    tags = {"networks"}
    if condition.county is not None:
        tags |= {condition.county.tag, condition.county.parent.tag}
    return tags | network_queries.tags_of(*networks)
