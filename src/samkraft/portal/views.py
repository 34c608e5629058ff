"""The front page, "my page", the pages about the site, and the pages for what went wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from samkraft.places import queries as places
from samkraft.places.rules import area_tag, happening_tag
from samkraft.ui.access import public_page, signed_in
from samkraft.ui.panels import render_slot


def front_tags() -> tuple[str, ...]:
    """The front page shows the country's figures, and what happens in it."""
    return ("statistics:SE", area_tag("SE", ""), happening_tag("SE"))


@public_page(front_tags)
def front(request: HttpRequest) -> HttpResponse:
    context = {"hide_header_search": True, "country": places.country("SE")}
    return render(request, "portal/front.html", context)


@signed_in
def my(request: HttpRequest) -> HttpResponse:
    """What awaits the reader, gathered from every app."""
    todo = render_slot("my.todo", request, user=request.user)
    return render(request, "portal/my.html", {"todo": todo})


@public_page("portal")
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@public_page("portal")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public_page("portal")
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"steward_email": settings.STEWARD_EMAIL})


@public_page("portal")
def api(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/api.html", {"countries": places.countries()})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere, with ways on."""
    return render(request, "ui/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form sent without its protection: cookies are off, or the page had stood open for long."""
    return render(request, "portal/403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It asks nothing of the database or the session, which may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
