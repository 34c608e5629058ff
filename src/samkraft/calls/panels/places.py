"""Open calls on the front page and on the pages of places, and the way to calls on every page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from samkraft.places.models import Area
from samkraft.ui import panels

from ..models import Call
from ..queries import calls as queries
from ..queries import calls_places
from ..rules.windows import window_in_words

SHOWN = 3
_TEMPLATE = "calls/_calls_panel.html"


@panels.register("header.sections", order=35, template="ui/_section_link.html")
def section(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any]:
    return {"title": _("Calls"), "url": reverse("calls:index")}


@panels.register("front.happening", order=30, template=_TEMPLATE)
def on_front(*, area: Area | None = None, **_subject: Any) -> Mapping[str, Any] | None:
    now = timezone.now()
    return _shown(list(queries.not_over(now).filter(country=area.country if area else "SE")[:SHOWN]))


@panels.register("country.happening", order=30, template=_TEMPLATE)
@panels.register("county.happening", order=25, template=_TEMPLATE)
@panels.register("municipality.side", order=30, template=_TEMPLATE)
def of_place(*, area: Area, **_subject: Any) -> Mapping[str, Any] | None:
    return _shown(calls_places.concerning(area, timezone.now(), SHOWN))


def _shown(calls: list[Call]) -> Mapping[str, Any] | None:
    """The calls with words that do not change with the time, since these pages are kept for others' sake."""
    if not calls:
        return None
    return {
        "calls": [
            {
                "call": call,
                "kind": capfirst(call.get_kind_display()),
                "organiser": queries.organiser_of(call),
                "time": window_in_words(call.opens_at, call.closes_at, call.time_zone)
                if call.opens_at and call.closes_at
                else "",
            }
            for call in calls
        ]
    }
