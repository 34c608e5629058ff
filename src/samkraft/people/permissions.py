"""Who may do what, as one-line predicates over people and areas, under the names that pages use.

Coordinators and stewards invite; officers and politicians do not, so that one person in an area answers for
who belongs to it. A coordinator covers the area and everything inside it: a county's, its municipalities too.
"""

from typing import Any

import rules

from samkraft.places.models import Area

from . import queries
from .models import Invitation, Role


@rules.predicate
def is_steward(user: Any) -> bool:
    return bool(user is not None and user.is_active and getattr(user, "is_steward", False))


@rules.predicate
def coordinates(user: Any, area: Area) -> bool:
    return queries.has_role(user, [Role.COORDINATOR], queries.areas_above(area))


@rules.predicate
def is_member(user: Any, area: Area) -> bool:
    return queries.has_role(user, Role.values, [area.pk])


@rules.predicate
def is_invited(user: Any, invitation: Invitation) -> bool:
    return invitation.email in queries.verified_addresses(user)


may_invite = is_steward | coordinates

rules.add_rule("people.is_steward", is_steward)
rules.add_rule("people.coordinates", coordinates)
rules.add_rule("people.is_member", is_member)
rules.add_rule("people.may_invite", may_invite)
rules.add_rule("people.is_invited", is_invited)
