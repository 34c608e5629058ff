"""A new draft with the words and pictures of an earlier post."""

from dataclasses import fields
from datetime import datetime

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from samkraft.people.models import User
from samkraft.records.files import path_of

from ..models import Post
from ..queries.posts import Author
from .pictures import add_picture
from .posts import Content, create_draft, locked


@transaction.atomic
def copy_post(*, post: Post, by: User, now: datetime) -> Post:
    """A new draft with the same words and pictures, in the places where the author still tells. Raises Refused."""
    current = locked(post, by)
    author = Author(current.author)
    told = {field.name: getattr(current, field.name) for field in fields(Content)}
    if current.municipality not in author.municipalities:
        told["municipality"] = next(iter(author.municipalities), None)
    if current.network not in author.networks:
        told["network"] = None
    draft = create_draft(author=author, kind=current.kind, content=Content(**told), by=by, now=now)
    for picture in current.pictures.select_related("file"):
        with default_storage.open(path_of(picture.file)) as kept:
            upload = SimpleUploadedFile(picture.file.name, kept.read())
        add_picture(
            post=draft,
            upload=upload,
            alt=picture.alt,
            photographer=picture.photographer,
            has_permission=picture.has_permission,
            by=by,
            now=now,
        )
    return draft
