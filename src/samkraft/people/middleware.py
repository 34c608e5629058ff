"""What concerns signed-in readers only."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ReaderMiddleware:
    """Keeps pages made for a signed-in reader out of every cache, so that they are gone after signing out.

    A request without a session cookie passes untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
