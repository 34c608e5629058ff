"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def page(request: HttpRequest) -> dict[str, Any]:
    """Language links to this same page, and the reader, who is None for anonymous readers.

    The reader is looked up only where there is a session cookie, so that reading a page sets none.
    """
    current = get_language() or settings.LANGUAGE_CODE
    rest = request.get_full_path().removeprefix(f"/{current}/")
    in_a_language = request.path.startswith(f"/{current}/")
    links = [
        {
            "code": code,
            "name": name,
            "url": f"/{code}/{rest}" if in_a_language else f"/{code}/",
            "current": code == current,
        }
        for code, name in settings.LANGUAGES
    ]
    return {
        "language_links": links,
        "viewer": viewer(request),
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
    }


def viewer(request: HttpRequest) -> Any:
    """The signed-in reader, or None."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
