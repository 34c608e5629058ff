"""The pictures of a post: each with words for those who do not see it, its photographer, and permission."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.files import remove_file, store_picture
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused

from ..models import MailedPicture, Post, PostPicture, PostState
from ..queries.posts_history import PICTURES_CHANGED
from .posts import EDITABLE, keep, locked, tell_caches

PURPOSE = "feeds.picture"
MOST_PICTURES = 10


@transaction.atomic
def add_picture(
    *, post: Post, upload: Any, alt: str, photographer: str, has_permission: bool, by: User, now: datetime
) -> PostPicture:
    """Add an uploaded picture, last. Raises Refused for one that cannot be read, or that may not be shown."""
    current = _open(post, by)
    _check(current, alt, photographer, has_permission)
    file = store_picture(upload=upload, purpose=PURPOSE, by=by, now=now)
    return _add(current, file, alt, photographer, by, now)


@transaction.atomic
def take_mailed_picture(
    *, picture: MailedPicture, alt: str, photographer: str, has_permission: bool, by: User, now: datetime
) -> PostPicture:
    """Use a picture that was mailed in, in the draft made of that mail. Raises Refused."""
    waiting = MailedPicture.objects.select_for_update(of=("self",)).select_related("file", "mailed__post")
    found = waiting.filter(pk=picture.pk).first()
    if found is None or found.mailed.post is None:
        raise Refused(_("This picture has already been used or removed."))
    current = _open(found.mailed.post, by)
    _check(current, alt, photographer, has_permission)
    file = found.file
    found.delete()
    file.purpose = PURPOSE
    file.save(update_fields=["purpose"])
    return _add(current, file, alt, photographer, by, now)


@transaction.atomic
def describe_picture(*, picture: PostPicture, alt: str, photographer: str, by: User, now: datetime) -> None:
    """Change the words about a picture. Raises Refused."""
    current = _open(picture.post, by)
    if not alt.strip() or not photographer.strip():
        raise Refused(_("Say in words what the picture shows, and who took it."))
    changed = PostPicture.objects.filter(pk=picture.pk).update(alt=alt.strip(), photographer=photographer.strip())
    if not changed:
        raise Refused(_("This picture has already been removed."))
    _told(current, by, now)


@transaction.atomic
def move_picture(*, picture: PostPicture, earlier: bool, by: User, now: datetime) -> None:
    """Move a picture one step. At the end of the row it stays where it is. Raises Refused."""
    current = _open(picture.post, by)
    row = list(current.pictures.all())
    place = next((number for number, other in enumerate(row) if other.pk == picture.pk), None)
    if place is None:
        raise Refused(_("This picture has already been removed."))
    other = place - 1 if earlier else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for number, entry in enumerate(row):
        entry.position = number
    PostPicture.objects.bulk_update(row, ["position"])
    _told(current, by, now)


@transaction.atomic
def remove_picture(*, picture: PostPicture, by: User, now: datetime) -> None:
    """Remove a picture and its file for good. Raises Refused."""
    current = _open(picture.post, by)
    found = PostPicture.objects.select_related("file").filter(pk=picture.pk).first()
    if found is None:
        raise Refused(_("This picture has already been removed."))
    file = found.file
    found.delete()
    remove_file(file=file)
    _told(current, by, now)


def _open(post: Post, by: User) -> Post:
    current = locked(post, by)
    if current.state not in EDITABLE:
        raise Refused(_("This post can no longer be edited. Copy it to a new draft instead."))
    return current


def _check(post: Post, alt: str, photographer: str, has_permission: bool) -> None:
    if not alt.strip() or not photographer.strip():
        raise Refused(_("Say in words what the picture shows, and who took it."))
    if not has_permission:
        raise Refused(_("A picture can only be shown with permission of who took it and of those on it."))
    if post.pictures.count() >= MOST_PICTURES:
        raise Refused(_("A post can have at most ten pictures."))


def _add(post: Post, file: StoredFile, alt: str, photographer: str, by: User, now: datetime) -> PostPicture:
    last = post.pictures.aggregate(last=Max("position"))["last"]
    picture = PostPicture.objects.create(
        post=post,
        file=file,
        position=0 if last is None else last + 1,
        alt=alt.strip(),
        photographer=photographer.strip(),
        has_permission=True,
    )
    _told(post, by, now)
    return picture


def _told(post: Post, by: User, now: datetime) -> None:
    """The post has changed by its pictures."""
    post.changed_at = now
    names = ["changed_at"]
    if post.state == PostState.PUBLISHED:
        post.edited_at = now
        names.append("edited_at")
        tell_caches(post)
    keep(post, by=by, now=now, reason=PICTURES_CHANGED, update_fields=names)
