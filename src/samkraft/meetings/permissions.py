"""Who may do what with a meeting: the host's own rules decide."""

from typing import Any

import rules

from .hosts import hosting_of
from .models import Meeting


@rules.predicate
def may_organise(user: Any, meeting: Meeting) -> bool:
    return bool(user is not None and user.is_active and hosting_of(meeting.host).may_organise(meeting.host, user))


@rules.predicate
def may_attend(user: Any, meeting: Meeting) -> bool:
    return bool(user is not None and user.is_active and hosting_of(meeting.host).may_attend(meeting.host, user))


rules.add_rule("meetings.may_organise", may_organise)
rules.add_rule("meetings.may_attend", may_organise | may_attend)
