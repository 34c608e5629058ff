"""What there is to do about reviews, for "my page"."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from ..models import ApplicationState, Call, CallPerson, CallRole, CallState, ReviewState
from .reviews import OPEN_FOR_REVIEW

LAGS_AFTER = timedelta(days=7)
MOST = 20
_LEFT = Q(applications__reviews__state=ReviewState.ASSIGNED)
_REAL = Q(applications__is_sample=False, applications__state=ApplicationState.SUBMITTED)
_SAMPLE = Q(applications__is_sample=True)


def to_read(user: Any) -> list[Call]:
    """Calls in which a reviewer has something left, with `n_left`, the most urgent first. One query."""
    own = CallPerson.objects.active().filter(user=user, role=CallRole.REVIEWER).values("call")
    mine = _LEFT & Q(applications__reviews__reviewer=user)
    now = Q(state__in=OPEN_FOR_REVIEW) & (_REAL | _SAMPLE) | Q(state=CallState.OPEN) & _SAMPLE
    rows = Call.objects.filter(mine & now, pk__in=own).annotate(n_left=Count("applications__reviews"))
    return list(rows.order_by("announce_on", "pk")[:MOST])


def lagging(user: Any, now: datetime) -> list[Call]:
    """Calls that a person organises in which reviews have waited for more than a week, with `n_left`. One query."""
    own = CallPerson.objects.active().filter(user=user, role=CallRole.ORGANISER).values("call")
    old = _LEFT & _REAL & Q(applications__reviews__assigned_at__lt=now - LAGS_AFTER)
    rows = Call.objects.filter(old, pk__in=own, state__in=OPEN_FOR_REVIEW)
    return list(rows.annotate(n_left=Count("applications__reviews")).order_by("announce_on", "pk")[:MOST])
