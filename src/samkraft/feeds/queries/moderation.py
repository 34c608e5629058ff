"""Whose posts a person looks after, what was reported about them, and who is told."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from samkraft.networks.models import NetworkPerson, NetworkRole
from samkraft.people.models import Membership, Role, User
from samkraft.places.models import Area, AreaKind
from samkraft.records.models import VisitorMessage

from ..models import ModerationDecision, Post, PostState


def _coordinated(user: Any) -> QuerySet[Membership]:
    return Membership.objects.active().of(user).filter(role=Role.COORDINATOR)


def _convened(user: Any) -> QuerySet[NetworkPerson]:
    return NetworkPerson.objects.active().filter(user=user, role=NetworkRole.CONVENER)


def looks_after_something(user: Any) -> bool:
    """Whether a person coordinates an area or convenes a network."""
    if user is None or not user.is_authenticated:
        return False
    return _coordinated(user).exists() or _convened(user).exists()


def looked_after_by(user: Any) -> QuerySet[Post]:
    """The posts that a person moderates; all of them for a steward. The rule `moderates` says the same of one."""
    if user.is_steward:
        return Post.objects.all()
    areas = list(_coordinated(user).values_list("area", flat=True))
    inside = Area.objects.filter(Q(pk__in=areas) | Q(parent__in=areas) | Q(parent__parent__in=areas))
    held = Q(by_network__in=_convened(user).values("network"))
    held |= Q(by_network__county__in=inside.values("pk"))
    return Post.objects.filter(Q(municipality__in=inside.values("pk")) | Q(county__in=inside.values("pk")) | held)


def of_posts(messages: QuerySet[VisitorMessage]) -> QuerySet[VisitorMessage]:
    """Those of visitors' messages that are about a post."""
    return messages.filter(content_type=ContentType.objects.get_for_model(Post))


def open_reports(post: Post) -> QuerySet[VisitorMessage]:
    """Reports of a post that nobody has settled, the first received first."""
    return of_posts(VisitorMessage.objects.open()).filter(object_id=post.pk).order_by("pk")


def reported(user: Any) -> QuerySet[Post]:
    """Posts that a person looks after and that somebody has reported, without a decision."""
    about = of_posts(VisitorMessage.objects.open()).exclude(object_id=None)
    return looked_after_by(user).filter(pk__in=about.values("object_id")).order_by("-pk")


def unpublished(user: Any) -> QuerySet[Post]:
    return looked_after_by(user).filter(state=PostState.UNPUBLISHED).order_by("-pk")


def decisions(user: Any) -> QuerySet[ModerationDecision]:
    """What was decided about posts that a person looks after, the newest first."""
    rows = ModerationDecision.objects.select_related("post", "by")
    return rows if user.is_steward else rows.filter(post__in=looked_after_by(user).values("pk"))


def moderators_of(post: Post) -> list[User]:
    """Who looks after a post besides the stewards: coordinators of its places, conveners of the network that tells."""
    places = {place.pk for place in (post.municipality, post.county) if place is not None}
    above = Area.objects.filter(kind=AreaKind.COUNTRY, country=post.country).values("pk")
    coordinators = Membership.objects.active().filter(role=Role.COORDINATOR)
    coordinators = coordinators.filter(Q(area__in=places) | Q(area__in=above))
    found = Q(pk__in=coordinators.values("user"))
    if post.by_network_id is not None:
        conveners = NetworkPerson.objects.active().filter(network=post.by_network_id, role=NetworkRole.CONVENER)
        found |= Q(pk__in=conveners.values("user"))
    return list(User.objects.filter(found, is_active=True, is_steward=False).order_by("pk"))


def add_reports(posts: list[Post]) -> None:
    """Give each post its open reports, as `reports`."""
    rows = of_posts(VisitorMessage.objects.open()).filter(object_id__in=[post.pk for post in posts])
    found: dict[int | None, list[VisitorMessage]] = {}
    for report in rows.order_by("pk"):
        found.setdefault(report.object_id, []).append(report)
    for post in posts:
        post.reports = found.get(post.pk, [])  # type: ignore[attr-defined]
