"""Who may write, unpublish and restore posts."""

from typing import Any

import rules

from samkraft.networks.permissions import convenes, edits_for, writes_for
from samkraft.people.models import Role
from samkraft.people.permissions import coordinates, is_steward
from samkraft.people.queries import has_role
from samkraft.places.models import Area
from samkraft.records.files import Purpose, register_purpose
from samkraft.records.models import StoredFile, VisitorMessage

from .models import MailedPicture, Post, PostPicture, PostState
from .queries.moderation import looks_after_something


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


@rules.predicate
def settles_report(user: Any, report: VisitorMessage) -> bool:
    return isinstance(report.subject, Post) and moderates(user, report.subject)


@rules.predicate
def looks_after_posts(user: Any) -> bool:
    """Whether there are posts that this person moderates: whose queue there is."""
    return is_steward(user) or looks_after_something(user)


def may_read_picture(user: Any, file: StoredFile) -> bool:
    """A published post's pictures are for all, an unpublished one's for those concerned, a draft's for its writers."""
    rows = PostPicture.objects.select_related("post__actor", "post__area", "post__by_network")
    picture = rows.select_related("post__municipality", "post__county").filter(file=file).first()
    if picture is None:
        return False
    if picture.post.state == PostState.PUBLISHED:
        return True
    edits = rules.test_rule("feeds.may_edit_post", user, picture.post)
    return edits or (picture.post.state == PostState.UNPUBLISHED and moderates(user, picture.post))


def may_read_mailed_picture(user: Any, file: StoredFile) -> bool:
    """Stewards look at what was mailed in; once it is a draft, so do those who write it."""
    if is_steward(user):
        return True
    picture = MailedPicture.objects.select_related("mailed__post__by_network").filter(file=file).first()
    return picture is not None and picture.mailed.post is not None and may_edit_post(user, picture.mailed.post)


register_purpose(Purpose("feeds.picture", may_read=may_read_picture))
register_purpose(Purpose("feeds.mailed", may_read=may_read_mailed_picture))

rules.add_rule("feeds.writes_for_area", writes_for_area)
rules.add_rule("feeds.may_edit_post", may_edit_post | is_steward)
rules.add_rule("feeds.may_write_as", may_edit_post)
rules.add_rule("feeds.moderates", moderates)
rules.add_rule("feeds.may_unpublish_post", may_edit_post | moderates)
rules.add_rule("feeds.may_restore_post", moderates)
rules.add_rule("feeds.settles_report", settles_report)
rules.add_rule("feeds.looks_after_posts", looks_after_posts)
