"""What has happened to a post: who saved it when and what changed, and how it moved through its states."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.records.models import TransitionLog
from samkraft.ui import rich_text

from ..models import Post, PostState

MOST_ENTRIES = 100
# The reason in a post's history for what its own fields do not tell.
PICTURES_CHANGED = "pictures"
# What a reader of the history can make something of, in the order of the form.
_SHOWN = ("title", "text", "language", "link_url", "link_title", "link_site", "link_text")
_SHOWN += ("event_starts_at", "event_ends_at", "event_place", "municipality_id", "network_id", "in_county_feed")
_IN_FULL = {"title", "text", "link_url", "event_place"}


@dataclass(frozen=True)
class Change:
    """One field that was saved otherwise; the words only where they are short enough to be read beside each other."""

    name: str
    before: str = ""
    after: str = ""


@dataclass
class Entry:
    """One moment: who, when, what was done, why, and what changed."""

    at: datetime
    by: Any
    what: str
    why: str = ""
    changes: list[Change] = field(default_factory=list)


def history_of(post: Post) -> list[Entry]:
    """The post's history, the newest first; at most a hundred savings and all its moves."""
    moves = [
        Entry(move.at, move.by, capfirst(str(PostState(move.to_state).label)), move.why)
        for move in TransitionLog.objects.of(post).select_related("by")
    ]
    return sorted([*_savings(post), *moves], key=lambda entry: entry.at, reverse=True)


def _savings(post: Post) -> list[Entry]:
    records = list(post.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_ENTRIES])
    found = []
    for new, old in zip(records, [*records[1:], None], strict=True):
        if new.history_change_reason == PICTURES_CHANGED:
            found.append(Entry(new.history_date, new.history_user, _("Changed the pictures")))
        elif new.history_type == "+":
            found.append(Entry(new.history_date, new.history_user, _("Began the draft")))
        elif old is not None and (changes := _changes(old, new)):
            found.append(Entry(new.history_date, new.history_user, _("Edited"), changes=changes))
    return found


def _changes(old: Any, new: Any) -> list[Change]:
    changed = [name for name in _SHOWN if getattr(old, name) != getattr(new, name)]
    return [_change(name, getattr(old, name), getattr(new, name)) for name in changed]


def _change(name: str, before: Any, after: Any) -> Change:
    label = str(Post._meta.get_field(name.removesuffix("_id")).verbose_name)
    if name not in _IN_FULL:
        return Change(label)
    if name == "text":
        before, after = rich_text.to_plain(before), rich_text.to_plain(after)
    return Change(label, str(before), str(after))
