"""What of a call may be changed when. Plain values, no database.

Whoever has read a published call, and still more who has begun an application, goes by what it said. So:

- A draft is changed freely, and so are the words of a published call, which only tell what holds anyhow.
- Dates (a longer time to apply, when applicants hear, how long they have to answer), criteria with their limits,
  the number of places, how scores count, the review and the draw's number are changed after publication with a
  reason, which is logged and stands on the call's page: "Changed on … because …". Criteria too, since the limits can
  turn out to be impossible for those who applied; from the commitment on they are fixed, and what would change them
  is to take the commitment back, which is told in the report.
- Who may apply is fixed once somebody has begun an application: it would shut out or let in people by their answers.
- Questions can then only be worded better: whoever has sent in an application has answered them as they were.
- How reviewers work is fixed once one of them has given points.
- The time to apply is never shortened while somebody has an unfinished application (see `operations.publishing`).
"""

from collections.abc import Collection
from enum import StrEnum

from ..models import CallPart, CallState

FINISHED = frozenset({CallState.ARCHIVED, CallState.CANCELLED})
COMMITTED = frozenset({CallState.COMMITTED, CallState.DRAWN, CallState.DECIDED, CallState.ANNOUNCED})


class Freedom(StrEnum):
    FREE = "free"
    REASON = "reason"
    WORDING = "wording"
    NO = "no"


def freedom(part: str, state: str, *, has_begun: bool, has_points: bool) -> Freedom:
    """How free a part of a call is to be changed. `has_begun`: somebody began an application that still stands."""
    if state in FINISHED:
        return Freedom.NO
    if part == CallPart.ABOUT or state == CallState.DRAFT:
        return Freedom.FREE
    if state in COMMITTED:
        return Freedom.REASON if part == CallPart.WHEN else Freedom.NO
    if has_begun and part in {CallPart.WHO, CallPart.QUESTIONS}:
        return Freedom.WORDING if part == CallPart.QUESTIONS else Freedom.NO
    if has_points and part == CallPart.REVIEW:
        return Freedom.NO
    return Freedom.REASON


# Each field of a call with the part that it belongs to. What is not here is changed by an operation of its own.
PART_OF_FIELD: dict[str, CallPart] = {
    **dict.fromkeys(("title", "summary", "offer", "organiser_name", "contact_email"), CallPart.ABOUT),
    **dict.fromkeys(("opens_at", "closes_at", "announce_on", "answer_days"), CallPart.WHEN),
    "applicants": CallPart.WHO,
    **dict.fromkeys(
        ("seats", "municipality_cap", "size_bounds", "merit", "merit_threshold", "merit_bounds"), CallPart.CRITERIA
    ),
    **dict.fromkeys(("is_blind", "hides_municipality", "reviews_wanted"), CallPart.REVIEW),
    **dict.fromkeys(("seed_kind", "seed_source"), CallPart.NUMBER),
}


def parts_of(fields: Collection[str]) -> list[CallPart]:
    """The parts that fields belong to, in the order of a call's pages."""
    touched = {PART_OF_FIELD[field] for field in fields}
    return [part for part in CallPart if part in touched]
