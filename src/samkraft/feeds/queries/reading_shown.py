"""Posts as lists show them: of each post, and of who told it and where, only what stands on the page.

A page shows many posts, and building whole rows of five tables for each took longer than all else on it.
"""

from collections.abc import Sequence

from django.db.models import Model, prefetch_related_objects

from samkraft.networks.models import Actor, Network
from samkraft.places.models import Area

from ..models import Post, PostQuerySet
from . import reading

_PLACE = {"id", "kind", "country", "slug", "name", "full_name"}
_NAMED = {"id", "name", "slug"}
_RELATED: dict[str, tuple[type[Model], set[str]]] = {
    "actor": (Actor, _NAMED),
    "area": (Area, _PLACE),
    "by_network": (Network, _NAMED),
    "municipality": (Area, _PLACE),
    "county": (Area, _PLACE),
}
_EVENT = {"id", "language", "title", "event_starts_at", "event_ends_at", "event_place", "published_at", "created_at"}
_POST = _EVENT | {"kind", "text", "edited_at", "link_url", "link_title", "link_site", "link_text"}
_AUTHORS = ("actor", "area", "by_network")
_Known = dict[tuple[type[Model], int], Model]


def posts(rows: PostQuerySet) -> list[Post]:
    """The posts of a page with what a list shows of them, and their pictures. Two queries."""
    found = _read(rows, _POST, tuple(_RELATED))
    prefetch_related_objects(found, reading.pictures())
    return found


def events(rows: PostQuerySet) -> list[Post]:
    """The events of a page with what a list shows of them: when, where, and by whom. One query."""
    return _read(rows, _EVENT, _AUTHORS)


def _read(rows: PostQuerySet, names: set[str], related: Sequence[str]) -> list[Post]:
    own = _in_order(Post, names | {f"{name}_id" for name in related})
    others = [(name, _RELATED[name][0], _in_order(*_RELATED[name])) for name in related]
    columns = [*own, *(f"{name}__{column}" for name, _model, shown in others for column in shown)]
    known: _Known = {}
    found = []
    for row in rows.values_list(*columns):
        post = Post.from_db(rows.db, own, row[: len(own)])
        start = len(own)
        for name, model, shown in others:
            values = row[start : start + len(shown)]
            start += len(shown)
            Post._meta.get_field(name).set_cached_value(post, _made(model, shown, values, rows.db, known))
        found.append(post)
    return found


def _made(
    model: type[Model],
    names: Sequence[str],
    values: Sequence[object],
    db: str,
    known: _Known,
) -> Model | None:
    """The thing that a row tells of, the same where several rows tell of the same."""
    key = values[0]
    if not isinstance(key, int):
        return None
    if (model, key) not in known:
        known[model, key] = model.from_db(db, names, values)
    return known[model, key]


def _in_order(model: type[Model], names: set[str]) -> list[str]:
    """The columns in the order in which the model builds a row, the key first."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]
