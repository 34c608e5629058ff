"""Who holds a meeting: an app above registers, for each of its models that does, who may do what with it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Invitee:
    """One to invite: a person with an account or a name with an address, and the party they come for."""

    name: str
    user: Any = None
    email: str = ""
    party: models.Model | None = None
    party_name: str = ""
    is_decision_maker: bool = False


@dataclass(frozen=True)
class Hosting:
    """What meetings need to know of a host model. Each function takes the host first.

    `may_organise(host, user)` and `may_attend(host, user)` decide; `is_public(host)` says whether strangers may see
    that a called meeting takes place; `invitees(host)` are all who are invited; `crumbs(host)` lead to the list of
    its meetings; `country(host)` says in which time zone it meets; `changed(host)` is called inside the
    transaction of each change, so that kept pages become stale. `let_in(ids, user)` gives those of many hosts, by id,
    that the person may attend or organise, in one query and with what `country` reads of them.

    Strangers see title, time and place of meetings that were called, also held or cancelled ones, so that a
    calendar they have read stays right. All else, and a meeting that is being planned, is for those who may attend.
    """

    may_organise: Callable[[Any, Any], bool]
    may_attend: Callable[[Any, Any], bool]
    let_in: Callable[[Collection[int], Any], Mapping[int, Any]]
    is_public: Callable[[Any], bool]
    invitees: Callable[[Any], Sequence[Invitee]]
    crumbs: Callable[[Any], Sequence[dict[str, str]]]
    country: Callable[[Any], str]
    changed: Callable[[Any], None]


_hostings: dict[type[models.Model], Hosting] = {}


def register(model: type[models.Model], hosting: Hosting) -> None:
    """Declare that objects of `model` hold meetings. A model is declared once."""
    if model in _hostings and _hostings[model] != hosting:
        raise ValueError(f"{model.__name__} is already declared as a host of meetings.")
    _hostings[model] = hosting


def hosting_of(host: models.Model) -> Hosting:
    """How this host's meetings work. Raises KeyError for a model that holds none."""
    return hosting_for(type(host))


def hosting_for(model: type[models.Model]) -> Hosting:
    """How the meetings of this model's objects work. Raises KeyError for a model that holds none."""
    return _hostings[model]


def host_models() -> tuple[type[models.Model], ...]:
    return tuple(_hostings)
