"""A database filled with made-up networks, actors and posts, for measuring: plausible and skewed, never for real use.

A few municipalities and actors tell most of it, as everywhere; most are quiet. The same seed makes the same content.
"""

from collections.abc import Callable
from datetime import datetime

import numpy as np
from django.db import transaction

from samkraft.ui import page_cache

from . import networks, posts
from .tables import reset_sequences

Progress = Callable[[str], None]


def simulate(*, network_count: int, actor_count: int, post_count: int, seed: int, now: datetime, say: Progress) -> None:
    """Add that many networks, actors and posts to the database, each kind in one transaction.

    The reference data have to be in place. Raises ValueError where the numbers make no sense.
    """
    if network_count < 1 or actor_count < network_count or post_count < 0:
        raise ValueError("There must be at least one network, and as many actors as networks.")
    random = np.random.default_rng(seed)
    with transaction.atomic():
        world = networks.make(network_count=network_count, actor_count=actor_count, random=random, now=now, say=say)
    with transaction.atomic():
        posts.make(world, count=post_count, random=random, now=now, say=say)
        page_cache.changed(page_cache.SITE)
    reset_sequences()
