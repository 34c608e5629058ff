"""Setting a call's limits, its places and what else decides who can be chosen together."""

import json
from datetime import datetime
from typing import Any

import rules
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Call, CallPart, CallState, Criterion, Limit, Merit
from ..queries import features
from ..queries.limits_log import CHANGED
from ..queries.pool import Targets, targets_of
from .editing import check_change

# Until the commitment; afterwards what was committed to stands.
OPEN_STATES = (CallState.DRAFT, CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW)


@transaction.atomic
def set_targets(*, call: Call, targets: Targets, why: str = "", by: User, now: datetime) -> list[dict[str, Any]]:
    """Save limits and places. Returns what was changed; once the call is published it is kept with the reason.

    Raises Refused when the call is committed to a draw or one is being computed, or when a limit cannot be, and
    NeedsReason for a change of a published call without one.
    """
    current = locked(call, by)
    known = features.features_of(current)
    before = targets_of(current, known)
    changes = _changes(before, targets, known)
    if not changes:
        return []
    _check(targets, current)
    check_change(current, [CallPart.CRITERIA], why)
    for feature in known:
        _save_limits(feature.criterion, before, targets, [value for value, _word in feature.values])
    current.seats, current.municipality_cap = targets.seats, targets.cap
    if current.merit in {Merit.THRESHOLD, Merit.FLOOR}:
        current.merit_threshold = targets.points
    current.changed_at = now
    current.save(update_fields=["seats", "municipality_cap", "merit_threshold", "changed_at"])
    if current.state != CallState.DRAFT:
        _log(current, changes, why.strip(), by, now)
    changed(current.tag, "calls")
    return changes


def locked(call: Call, by: User) -> Call:
    """The call as it is now, held until the transaction ends, if its limits can still be changed. Raises Refused."""
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(_("Only those who run the call can do this."))
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.state not in OPEN_STATES:
        raise Refused(_("The limits can no longer be changed: what was committed to stands."))
    if current.draws.standing().exists():
        raise Refused(_("The draw is being prepared. Stop that first if the limits are to be changed."))
    return current


def _check(targets: Targets, call: Call) -> None:
    if targets.seats < 1:
        raise Refused(_("There has to be at least one place."))
    if targets.cap is not None and targets.cap < 1:
        raise Refused(_("At least one from each municipality has to be allowed."))
    if call.merit in {Merit.THRESHOLD, Merit.FLOOR} and targets.points is not None and targets.points < 0:
        raise Refused(_("Points are not below 0."))
    for least, most in targets.limits.values():
        if least < 0 or (most is not None and most < least):
            raise Refused(_("The least of a limit is more than its most."))


def _save_limits(criterion: Criterion, before: Targets, after: Targets, values: list[str]) -> None:
    for value in values:
        wanted = after.limit(criterion.key, value)
        if before.limit(criterion.key, value) == wanted:
            continue
        if wanted == (0, None):
            Limit.objects.filter(criterion=criterion, value=value).delete()
            continue
        least, most = wanted
        Limit.objects.update_or_create(criterion=criterion, value=value, defaults={"minimum": least, "maximum": most})


def _changes(before: Targets, after: Targets, known: list[features.Feature]) -> list[dict[str, Any]]:
    """What is not as it was, as it is kept in the log: what, of which value, from what, to what."""
    found: list[dict[str, Any]] = []
    for name in ("seats", "cap", "points"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append({"what": name, "old": _plain(old), "new": _plain(new)})
    for feature in known:
        for value, _word in feature.values:
            old_limit, new_limit = before.limit(feature.key, value), after.limit(feature.key, value)
            if old_limit != new_limit:
                where = {"what": "limit", "feature": feature.key, "value": value}
                found.append({**where, "old": list(old_limit), "new": list(new_limit)})
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def _log(call: Call, changes: list[dict[str, Any]], why: str, by: User, now: datetime) -> None:
    """One line in the call's history; as data, so that everybody can read it in their own language."""
    TransitionLog.objects.create(
        subject=call,
        machine=CHANGED,
        from_state=call.state,
        to_state=call.state,
        by=by,
        at=now,
        why=json.dumps({"changes": changes, "why": why}, ensure_ascii=False),
    )
