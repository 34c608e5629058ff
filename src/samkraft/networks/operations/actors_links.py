"""Links of actors: whether somebody answers there, asked now and then by the worker."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samkraft.notices.mails import from_template
from samkraft.notices.operations import tell
from samkraft.records.fetch import CannotFetch, NotGivenOut, TooLarge, fetch
from samkraft.ui.page_cache import changed

from ..models import Actor, LinkState
from ..queries import actors as queries
from ..rules.actors import is_facebook

CHECKED_AGAIN_AFTER = timedelta(days=30)
MOST_BYTES = 512 * 1024
SECONDS = 5.0
# A site that answers so is there: it wants a person, or a browser, or somebody signed in.
_ANSWERS_TO_PEOPLE = frozenset({401, 403, 405, 406, 429})
Fetch = Callable[..., Any]


def check_links(*, now: datetime, limit: int, fetch: Fetch = fetch) -> int:
    """Check links that were never checked, and then those whose latest check is a month old. Returns how many."""
    old = Q(link_checked_at=None) | Q(link_checked_at__lte=now - CHECKED_AGAIN_AFTER)
    rows = Actor.objects.open().filter(old).order_by(F("link_checked_at").asc(nulls_first=True), "pk")
    waiting = list(rows[:limit])
    for actor in waiting:
        check_actor_link(actor=actor, now=now, fetch=fetch)
    return len(waiting)


def check_actor_link(*, actor: Actor, now: datetime, fetch: Fetch = fetch) -> None:
    """Ask at the actor's links, and keep whether they answer. Its contacts are told once when one breaks.

    Nothing is kept locked while the site thinks. Links that were changed meanwhile are left to the next check.
    """
    problem = next(
        (found for url in (actor.homepage_url, actor.facebook_url) if url and (found := _problem(url, fetch))), ""
    )
    state = LinkState.BROKEN if problem else LinkState.ANSWERS
    with transaction.atomic():
        same = Actor.objects.filter(pk=actor.pk, homepage_url=actor.homepage_url, facebook_url=actor.facebook_url)
        seen = same.filter(link_state=actor.link_state, link_checked_at=actor.link_checked_at)
        if not seen.update(link_state=state, link_checked_at=now, link_problem=problem):
            return
        if state != actor.link_state:
            changed(actor.tag)
        if state == LinkState.BROKEN and actor.link_state != LinkState.BROKEN:
            _tell_broken(actor, now)
    actor.link_state, actor.link_checked_at, actor.link_problem = state, now, problem


def _problem(url: str, fetch: Fetch) -> str:
    """Why nobody can follow the link, as one sentence in the source language; empty when it answers."""
    try:
        fetch(url, limit_bytes=MOST_BYTES, timeout=SECONDS)
    except TooLarge:
        return ""
    except NotGivenOut as answer:
        # Facebook answers programs with anything at all, but tells of pages that are not there.
        facebook_lives = is_facebook(url) and answer.status != 404 and answer.status < 500
        return "" if facebook_lives or answer.status in _ANSWERS_TO_PEOPLE else _sentence(answer)
    except CannotFetch as error:
        return _sentence(error)
    return ""


def _sentence(error: CannotFetch) -> str:
    with override(None):
        return str(error)[:300]


def _tell_broken(actor: Actor, now: datetime) -> None:
    for contact in queries.contacts(actor):
        tell(
            to=contact,
            kind="networks.link",
            subject=format_lazy(_("The link of {actor} does not answer"), actor=actor.name),
            text=from_template("networks/mail/actor_link_broken.txt", {"actor": actor}),
            url=reverse_lazy("networks:actor", args=[actor.slug]),
            now=now,
            dedupe_key=f"actor link {actor.pk} {contact.pk} {now:%Y-%m-%d}",
        )
