"""The register as rows of a table, for files. Only what everyone may see is in it."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from . import actors

_AT_ONCE = 500


def headings() -> list[str]:
    return [
        _("Name"),
        _("Kind"),
        _("Country"),
        _("Organisation number"),
        _("Home page"),
        _("Facebook page"),
        _("Municipalities"),
        _("Networks"),
        _("What it does for the transition"),
        _("Leader"),
        _("The leader's own description"),
        _("Published"),
        _("Page on Samkraft"),
    ]


def rows(wanted: actors.Wanted) -> Iterator[list[str]]:
    """One row an actor, by name, in a few queries for every five hundred."""
    found = actors.register(wanted)
    after = None
    while True:
        page = actors.page(found, size=_AT_ONCE, after=after)
        networks = actors.networks_of(page.actors)
        for actor in page.actors:
            yield [
                actor.name,
                str(actor.get_kind_display()),
                actor.country,
                actor.shown_organisation_number,
                actor.homepage_url,
                actor.facebook_url,
                ", ".join(sorted(area.name for area in actor.municipalities.all())),
                ", ".join(network.name for network in networks[actor.pk]),
                actor.does,
                actor.leader_name,
                actor.description_url,
                actor.described_on.isoformat() if actor.described_on else "",
                settings.SITE_URL + actor.get_absolute_url(),
            ]
        if page.after is None:
            return
        after = page.after
