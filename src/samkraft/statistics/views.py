"""Comparison pages and open data beside the pages of places."""

from django.http import HttpRequest, HttpResponse

from samkraft.ui.access import public_page


@public_page("x")
def country_csv(request: HttpRequest, country: str) -> HttpResponse: ...
@public_page("x")
def area_csv(request: HttpRequest, country: str, slug: str) -> HttpResponse: ...
@public_page("x")
def compare(request: HttpRequest, country: str, slug: str) -> HttpResponse: ...
