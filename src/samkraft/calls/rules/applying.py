"""When a call takes applications. Plain values, no database."""

from datetime import datetime, timedelta
from enum import StrEnum

from ..models import Call, CallState

# What was begun and never sent in, or was withdrawn, is read for half a year after the deadline, and then erased.
KEPT = timedelta(days=180)
# An application whose link nobody ever used may be at a wrong address: it goes sooner.
UNCONFIRMED_KEPT = timedelta(days=30)


class Window(StrEnum):
    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


def window(call: Call, now: datetime, *, closed_by_clock: bool = False) -> Window:
    """Where `now` is. The deadline itself is too late; what came in before it is in time.

    `closed_by_clock`: the call was closed for no other reason than that its time was over, so that what came in
    before and is handled only now counts.
    """
    if call.state == CallState.CANCELLED:
        return Window.CANCELLED
    if call.opens_at is None or call.closes_at is None or call.state == CallState.DRAFT:
        return Window.NOT_YET
    if call.state != CallState.OPEN and not (call.state == CallState.CLOSED and closed_by_clock):
        return Window.OVER
    if now < call.opens_at:
        return Window.NOT_YET
    return Window.OPEN if now < call.closes_at else Window.OVER
