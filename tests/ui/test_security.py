"""What made-up queries may take of the page cache's memory."""

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from samkraft.ui import page_cache
from samkraft.ui.access import public_page

LARGE = b"." * (page_cache.LARGEST_BODY_WITH_QUERY + 1)


@public_page("thing:file")
def _file(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(LARGE if name == "large" else b"small")


urlpatterns = [path("file/<str:name>/", _file)]


def kept_after(address: str) -> int:
    page_cache.store.clear()
    assert Client().get(address).status_code == 200
    return len(page_cache.store._pages)


def test_page_cache_keeps_a_large_file_under_its_plain_address_only(db: None, settings) -> None:
    settings.ROOT_URLCONF = __name__

    kept = [kept_after(f"/file/{address}") for address in ("large/", "large/?x=1", "small/", "small/?x=1")]

    assert kept == [1, 0, 1, 1]
