"""What kinds of notices there are. An app declares its own kinds, from its `apps.py`."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice. A critical one, such as a sign-in code, is always mailed; `in_app`: on the site."""

    key: str
    title: str | Promise
    critical: bool = False
    in_app: bool = True


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Declare a kind. A key is taken once."""
    if kind.key in _kinds and _kinds[kind.key] != kind:
        raise ValueError(f"The kind of notice {kind.key} is already declared.")
    _kinds[kind.key] = kind
    return kind


def named(key: str) -> NoticeKind:
    """The kind of that key. Raises KeyError when nobody has declared it."""
    return _kinds[key]


def known(key: str) -> bool:
    return key in _kinds


def to_choose_from() -> list[NoticeKind]:
    """The kinds that a person may have mailed or not, in the order in which they were declared."""
    return [kind for kind in _kinds.values() if not kind.critical]
