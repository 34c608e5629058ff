"""Makers of pictures, drafts and mails to test writing posts with."""

from email.message import EmailMessage
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from samkraft.feeds.models import Post, PostKind, PostPicture, PostState
from samkraft.feeds.operations import pictures, posts
from samkraft.feeds.operations.posts import Content
from samkraft.feeds.queries.posts import Author
from samkraft.networks.models import Actor, ActorRole
from samkraft.people.models import User

from . import factories, factories_networks
from .factories import NOW

_numbers = count(1)


def image(name: str = "tree.jpg", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    """An upload of a small green picture."""
    kept = BytesIO()
    Image.new("RGB", size, "green").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/jpeg")


def editor(of: Actor | None = None, person: User | None = None) -> tuple[Actor, User]:
    """An actor in Mariestad and its editor."""
    actor = of or factories_networks.actor()
    return actor, factories_networks.speaker(actor, person=person, role=ActorRole.EDITOR)


def content(**fields: Any) -> Content:
    """What news in Mariestad's feed says."""
    told = {"language": "sv", "title": f"News {next(_numbers)}", "text": "<p>We have planted trees.</p>"}
    return Content(**{**told, "municipality": factories.area(), **fields})


def draft(actor: Actor, by: User, *, kind: str = PostKind.NEWS, **fields: Any) -> Post:
    """A draft by an actor, written by the operation."""
    return posts.create_draft(author=Author(actor), kind=kind, content=content(**fields), by=by, now=NOW)


def published(actor: Actor, by: User, **fields: Any) -> Post:
    made = draft(actor, by, **fields)
    return posts.publish_post(post=made, version=made.version, by=by, now=NOW)


def picture(post: Post, by: User, **fields: Any) -> PostPicture:
    words = {"alt": "Three pupils plant a tree", "photographer": "Ada", "has_permission": True}
    return pictures.add_picture(post=post, upload=image(), **{**words, **fields}, by=by, now=NOW)


def unpublished(**fields: Any) -> Post:
    return factories_networks.post(**{"state": PostState.UNPUBLISHED, "unpublished_why": "A mistake.", **fields})


def mail(slug: str, *, sender: str = "ada@example.org", text: str = "We plant trees.", **headers: str) -> EmailMessage:
    """A mail to a network with a plain text."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = f"post+{slug}@127.0.0.1"
    message["Subject"] = "Trees"
    message["Message-ID"] = f"<{next(_numbers)}@mail.example>"
    for name, value in headers.items():
        header = name.replace("_", "-")
        del message[header]
        message[header] = value
    message.set_content(text)
    return message
