"""The way to the news, on every page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samkraft.ui import panels

# Whose news a reader of a language is most likely to want first; each page leads on to the others.
_COUNTRIES = {"nb": "no", "da": "dk"}


@panels.register("header.sections", order=40, template="ui/_section_link.html")
def news(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any]:
    country = _COUNTRIES.get(get_language() or "", "se")
    return {"title": _("News"), "url": reverse("feeds:country", args=[country])}
