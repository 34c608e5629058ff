"""Fetching an application by the link in its mail, and answering so that the link stays with its holder."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from samkraft.ui.access import public

from ..links import key_in
from ..models import Application
from ..queries import applications as queries
from .fetching import by_link

OwnView = Callable[..., HttpResponse]


def own(view: OwnView) -> OwnView:
    """The view of whoever holds the link: it is given the application instead of the token.

    A link that we did not make, or whose application is erased, leads nowhere. The pages are neither kept by caches
    nor found by search engines.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **rest: object) -> HttpResponse:
        return view(request, _application(token), **rest)

    return public(by_link(wrapped))


def _application(token: str) -> Application:
    key = key_in(token)
    found = queries.by_key(key) if key else None
    if found is None:
        raise Http404("The link is not one of ours, or its application is erased.")
    return found
