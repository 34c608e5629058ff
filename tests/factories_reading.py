"""Makers of pictures of posts, followers, and what comes in from elsewhere."""

from datetime import timedelta
from itertools import count
from typing import Any

from samkraft.feeds.models import Frequency, InflowItem, InflowSource, Post, PostKind, PostPicture, Subscription
from samkraft.feeds.operations.following import next_digest_at
from samkraft.places.models import Area
from samkraft.records.models import FileKind, StoredFile

from . import factories, factories_networks
from .factories import NOW

_numbers = count(1)


def picture(of: Post, **fields: Any) -> PostPicture:
    """A picture of a post, as it stands in the database, without a file behind it."""
    number = next(_numbers)
    file = StoredFile.objects.create(
        kind=FileKind.PICTURE,
        purpose="feeds.picture",
        token=f"{number:032x}",
        name="picture.jpg",
        content_type="image/jpeg",
        size=1000,
        sha256="0" * 64,
        width=1600,
        height=900,
        stored_at=NOW,
    )
    return PostPicture.objects.create(
        **{
            "post": of,
            "file": file,
            "position": number,
            "alt": "A bus",
            "photographer": "Eva Ek",
            "has_permission": True,
            **fields,
        }
    )


def event(by: Any = None, *, days: float = 7, **fields: Any) -> Post:
    """A published event some days from NOW."""
    return factories_networks.post(
        by,
        **{
            "kind": PostKind.EVENT,
            "event_starts_at": NOW + timedelta(days=days),
            "event_place": "The library",
            **fields,
        },
    )


def follower(email: str = "", *, of: Any = None, **fields: Any) -> Subscription:
    """A confirmed weekly follower of Mariestad's feed, in English, unless told otherwise."""
    subject = of or factories.area()
    frequency = fields.get("frequency", Frequency.WEEKLY)
    return Subscription.objects.create(
        **{
            "email": email or f"follower{next(_numbers)}@example.org",
            "area" if isinstance(subject, Area) else "network": subject,
            "frequency": frequency,
            "language": "en",
            "asked_at": NOW,
            "confirmed_at": NOW,
            "sent_until": NOW,
            "next_at": next_digest_at(frequency, "SE", NOW),
            **fields,
        }
    )


def source(county: Area | None = None, **fields: Any) -> InflowSource:
    number = next(_numbers)
    return InflowSource.objects.create(
        **{
            "county": county or factories.county(),
            "title": f"Mobilisation {number}",
            "url": f"https://mobilisation{number}.example/feed",
            "added_at": NOW,
            "next_at": NOW,
            **fields,
        }
    )


def item(of: InflowSource | None = None, **fields: Any) -> InflowItem:
    number = next(_numbers)
    return InflowItem.objects.create(
        **{
            "source": of or source(),
            "guid": f"item-{number}",
            "url": f"https://mobilisation.example/{number}",
            "title": f"Item {number}",
            "published_at": NOW,
            "taken_in_at": NOW,
            **fields,
        }
    )
