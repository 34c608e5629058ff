"""What came in from the regional mobilisation, for those who write."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from samkraft.ui import panels

from ..queries import inflow

SHOWN = 3


@panels.register("my.mine", order=50, template="feeds/_tray_mine.html")
def tray(*, request: HttpRequest, user: Any, **_subject: Any) -> Mapping[str, Any] | None:
    """The newest items, and the counties whose sources the reader looks after."""
    counties = inflow.counties_on_my_page(user)
    taking = [county for county in counties if county.takes_in]
    found = inflow.tray_page(taking, None, SHOWN)[0] if taking else []
    kept = [county for county in counties if county.is_coordinated]
    return {"found": found, "kept": kept} if found or kept else None
