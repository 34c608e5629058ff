"""What places show on every page: the way to them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.ui import panels


@panels.register("header.sections", order=10, template="ui/_section_link.html")
def section(*, request: HttpRequest, **_subject: Any) -> Mapping[str, Any]:
    return {"title": _("Places"), "url": reverse("places:index")}
