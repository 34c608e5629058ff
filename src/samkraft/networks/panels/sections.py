"""The way to networks and actors, on every page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.ui import panels


@panels.register("header.sections", order=20, template="ui/_section_link.html")
def networks(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any]:
    return {"title": _("Networks"), "url": reverse("networks:index")}


@panels.register("header.sections", order=30, template="ui/_section_link.html")
def actors(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any]:
    return {"title": _("Actors"), "url": reverse("networks:actors")}
