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
    found = list(inflow.items_for(user)[:SHOWN])
    kept = list(inflow.coordinated_by(user))
    return {"found": found, "kept": kept} if found or kept else None
