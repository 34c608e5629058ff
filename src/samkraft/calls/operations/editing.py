"""Changing a call: its fields, each by the rules of the part that it belongs to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Call, CallChange, CallPart, CallState
from ..queries import calls as queries
from ..rules.changing import COMMITTED, FINISHED, Freedom, freedom, parts_of
from ..rules.limits import ascending


class NeedsReason(Refused):
    """The call is published: the change needs a reason, which everybody can read."""


def held(call: Call) -> Call:
    """The call as it is now, which nobody else changes before this transaction is over."""
    return Call.objects.select_for_update(of=("self",)).select_related("area", "actor").get(pk=call.pk)


def shown_anew(call: Call) -> None:
    """Make every page stale that shows the call. Of a draft there is none."""
    if call.state != CallState.DRAFT:
        changed(*queries.tags_of(call))


def freedom_of(call: Call, part: str) -> Freedom:
    """How free a part is to be changed now."""
    return freedom(part, call.state, has_begun=queries.has_begun(call), has_points=queries.has_points(call))


def why_not(call: Call, part: str) -> str:
    """Why a part cannot be changed any more; empty when it can, perhaps with a reason or in its wording only."""
    if freedom_of(call, part) != Freedom.NO:
        return ""
    if call.state in FINISHED:
        return _("The call is over. Nothing of it is changed any more.")
    if call.state in COMMITTED:
        return _("The draw is committed to what the call says now, so this cannot be changed any more.")
    if part == CallPart.WHO:
        return _("Somebody has begun an application, so who may apply cannot be changed any more.")
    return _("Reviewers have given points, so how they work cannot be changed any more.")


def check_change(call: Call, parts: Iterable[str], why: str, *, wording: bool = False) -> None:
    """Raise Refused for a part that cannot be changed, NeedsReason for one that needs a reason that is not given."""
    for part in parts:
        now_free = freedom_of(call, part)
        if now_free == Freedom.NO:
            raise Refused(why_not(call, part))
        if now_free == Freedom.WORDING and not wording:
            raise Refused(
                _("Somebody has begun an application, so questions can only be worded better. None can be added, "
                  "taken away or made to ask for something else.")
            )  # fmt: skip
        if part == CallPart.CRITERIA and call.draws.standing().exists():
            raise Refused(_("The draw is being prepared. Stop that first if the criteria are to be changed."))
        if now_free == Freedom.REASON and not why.strip():
            raise NeedsReason(_("The call is published. Say why you change it: everybody can read the reason."))


def log_change(call: Call, parts: Iterable[str], why: str, by: User, now: datetime) -> None:
    """Keep what was changed with its reason, and show it. A draft has nobody to tell, and free words need no line."""
    told = [part for part in parts if freedom_of(call, part) == Freedom.REASON]
    for part in told:
        CallChange.objects.create(call=call, part=part, why=why.strip()[:500], by=by, at=now)
    Call.objects.filter(pk=call.pk).update(changed_at=now)
    shown_anew(call)


@transaction.atomic
def change_fields(*, call: Call, fields: Mapping[str, Any], why: str = "", by: User, now: datetime) -> list[CallPart]:
    """Set fields of a call, those of `rules.changing.PART_OF_FIELD`. Returns the parts that became others.

    What is the same as before needs no reason. Raises Refused, or NeedsReason for a published call without one.
    """
    fresh = held(call)
    others = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
    if not others:
        return []
    parts = parts_of(others)
    check_change(fresh, parts, why)
    if fresh.state != CallState.DRAFT and {"opens_at", "closes_at"} & others.keys():
        raise Refused(_("The call is published. Change its deadline on the overview, where those concerned are told."))
    _check_bounds(others)
    for name, value in others.items():
        setattr(fresh, name, value)
    if fresh.opens_at and fresh.closes_at and fresh.closes_at <= fresh.opens_at:
        raise Refused(_("The call has to close after it opens."))
    fresh.save(update_fields=list(others))
    log_change(fresh, parts, why, by, now)
    for name in others:
        setattr(call, name, getattr(fresh, name))
    return parts


def _check_bounds(fields: Mapping[str, Any]) -> None:
    if any(name in fields and not ascending(fields[name]) for name in ("size_bounds", "merit_bounds")):
        raise Refused(_("Write the bounds from the lowest to the highest, each once."))
