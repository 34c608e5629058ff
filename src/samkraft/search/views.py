"""The search page and the suggestions that come as one types."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from samkraft.places import queries as places
from samkraft.places.models import NameKind
from samkraft.ui.access import public

LONGEST = 200
SUGGESTIONS = 8
RESULTS = 40
HOMES = {"sv": "SE", "nb": "NO", "da": "DK"}


def _typed(request: HttpRequest) -> str:
    """What was typed, on one line and without control characters, which a database may refuse."""
    text = "".join(sign for sign in request.GET.get("q", "") if sign.isprintable() or sign.isspace())
    return " ".join(text.split())[:LONGEST]


def _home() -> str:
    """The country whose language the reader reads, whose places come first among equals."""
    return HOMES.get(get_language() or "", "")


@public
def page(request: HttpRequest) -> HttpResponse:
    """All places that answer to what was typed; a whole postcode leads straight to its municipality."""
    typed = _typed(request)
    found = places.find(typed, limit=RESULTS, home=_home())
    if len(found) == 1 and found[0].kind == NameKind.POSTCODE and found[0].matched == typed.replace(" ", ""):
        return HttpResponseRedirect(found[0].area.get_absolute_url())
    return render(request, "search/page.html", {"typed": typed, "found": found})


@public
def suggest(request: HttpRequest) -> HttpResponse:
    """The best few places, as options of the search field's list."""
    found = places.find(_typed(request), limit=SUGGESTIONS, home=_home())
    return render(request, "search/_suggestions.html", {"found": found})
