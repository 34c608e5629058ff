"""Fetching an application by the link in its mail, and answering so that the link stays with its holder."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.ui.access import public

from ..forms.applications import ApplyForm
from ..links import application_path, key_in
from ..models import Application
from ..queries import applications as queries
from .fetching import by_link

OwnView = Callable[..., HttpResponse]


def own(view: OwnView) -> OwnView:
    """The view of whoever holds the link: it is given the application instead of the token.

    A link that we did not make, or whose application is erased, leads to none. The pages are neither kept by caches
    nor found by search engines.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **rest: object) -> HttpResponse:
        application = _application(token)
        return lost(request) if application is None else view(request, application, **rest)

    return public(by_link(wrapped))


def _application(token: str) -> Application | None:
    key = key_in(token)
    return queries.by_key(key) if key else None


def lost(request: HttpRequest) -> HttpResponse:
    """For a link that leads to nothing, which most often is one that a mail has cut off: how to get it again."""
    context = {"form": link_form(request, filled=False), "is_lost": True}
    return render(request, "calls/link_again.html", context, status=404)


def own_crumbs(application: Application, *titles: str) -> list[dict[str, str]]:
    """The way back to the call and to the application's own page."""
    call = application.call
    way = [(_("Calls"), reverse("calls:index")), (call.title, call.get_absolute_url())]
    way.append((_("Your application"), application_path(application)))
    return [{"title": title, "url": url} for title, url in [*way, *((title, "") for title in titles)]]


def link_form(request: HttpRequest, *, filled: bool = True) -> ApplyForm:
    """Asks with which address somebody has applied."""
    form = ApplyForm((request.POST or None) if filled else None)
    form.fields["email"].help_text = _("The one with which you applied.")
    return form
