"""Who may do what with a meeting: the host's own rules decide."""

from typing import Any

import rules

from samkraft.records.files import Purpose, register_purpose
from samkraft.records.models import StoredFile

from .hosts import hosting_of
from .models import AgendaItem, ItemState, Meeting, MeetingDecision, MeetingFile


@rules.predicate
def may_organise(user: Any, meeting: Meeting) -> bool:
    return bool(user is not None and user.is_active and hosting_of(meeting.host).may_organise(meeting.host, user))


@rules.predicate
def may_attend(user: Any, meeting: Meeting) -> bool:
    return bool(user is not None and user.is_active and hosting_of(meeting.host).may_attend(meeting.host, user))


@rules.predicate
def may_change_item(user: Any, item: AgendaItem) -> bool:
    """Who proposed a point may change it until the organisers have taken a stand; they may at any time."""
    own = item.state == ItemState.PROPOSED and item.proposed_by_id == user.pk
    return (own and may_attend(user, item.meeting)) or may_organise(user, item.meeting)


@rules.predicate
def may_finish(user: Any, decision: MeetingDecision) -> bool:
    """Whoever sees to a decision says when it is done, and so may the organisers."""
    own = decision.responsible_id is not None and decision.responsible_id == user.pk
    return (own and user.is_active) or may_organise(user, decision.meeting)


def may_read_file(user: Any, file: StoredFile) -> bool:
    kept = MeetingFile.objects.select_related("meeting").filter(file=file).first()
    return kept is not None and rules.test_rule("meetings.may_attend", user, kept.meeting)


rules.add_rule("meetings.may_organise", may_organise)
rules.add_rule("meetings.may_attend", may_organise | may_attend)
rules.add_rule("meetings.may_change_item", may_change_item)
rules.add_rule("meetings.may_finish", may_finish)
register_purpose(Purpose("meetings.file", may_read=may_read_file))
