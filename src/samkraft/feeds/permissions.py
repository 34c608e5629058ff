"""Who may write, unpublish and restore posts."""

from typing import Any

import rules

from samkraft.networks.permissions import convenes, edits_for, writes_for
from samkraft.people.models import Role
from samkraft.people.permissions import coordinates, is_steward
from samkraft.people.queries import has_role
from samkraft.places.models import Area

from .models import Post


@rules.predicate
def writes_for_area(user: Any, area: Area) -> bool:
    """The officers of a municipality or county, and its coordinators, tell its own news."""
    if not (user is not None and user.is_authenticated and user.is_active):
        return False
    return has_role(user, [Role.OFFICER, Role.COORDINATOR], [area.pk])


@rules.predicate
def may_edit_post(user: Any, post: Post) -> bool:
    """Those who may write as the post's author; nobody edits what another says."""
    if post.actor is not None:
        return writes_for(user, post.actor)
    if post.area is not None:
        return writes_for_area(user, post.area)
    return edits_for(user, post.by_network)


@rules.predicate
def moderates(user: Any, post: Post) -> bool:
    """Stewards, the coordinators of the post's county or municipality, and the conveners of its network."""
    if is_steward(user):
        return True
    if not (user is not None and user.is_authenticated and user.is_active):
        return False
    places = [place for place in (post.municipality, post.county) if place is not None]
    if any(coordinates(user, place) for place in places):
        return True
    return post.by_network is not None and convenes(user, post.by_network)


rules.add_rule("feeds.writes_for_area", writes_for_area)
rules.add_rule("feeds.may_edit_post", may_edit_post | is_steward)
rules.add_rule("feeds.may_write_as", may_edit_post)
rules.add_rule("feeds.moderates", moderates)
rules.add_rule("feeds.may_unpublish_post", may_edit_post | moderates)
rules.add_rule("feeds.may_restore_post", moderates)
