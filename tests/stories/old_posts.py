"""Fills Mariestad's feed with older posts, so that it has several pages.

Run with the environment of a site: `python tests/stories/old_posts.py 25`
"""

import os
import sys
from datetime import timedelta

import django


def tell(how_many: int) -> None:
    # Django has to be set up before its models can be imported.
    from django.utils import timezone

    from samkraft.feeds.models import PostKind
    from samkraft.feeds.operations import posts
    from samkraft.feeds.queries.posts import Author
    from samkraft.networks.models import Actor
    from samkraft.people.models import User
    from samkraft.places.models import Area

    editor = User.objects.get(email="demo.editor@example.org")
    bakery = Author(Actor.objects.get(name="Demo Bageriet"))
    place = Area.objects.get(key="SE-1493")
    for number in range(how_many):
        at = timezone.now() - timedelta(days=100 + number)
        content = posts.Content(
            language="sv", title=f"Veckans tips {number + 1}", text="<p>Baka på natten.</p>", municipality=place
        )
        post = posts.create_draft(author=bakery, kind=PostKind.NEWS, content=content, by=editor, now=at)
        posts.publish_post(post=post, version=post.version, by=editor, now=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
    django.setup()
    tell(int(sys.argv[1]))
