"""The product's addresses and, beside them, the bare view that everything is compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from samkraft.config.urls import handler404, handler500
from samkraft.config.urls import urlpatterns as product
from samkraft.ui.access import public

__all__ = ["handler404", "handler500", "urlpatterns"]


@public
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("constant")


urlpatterns = [path("bare", bare), *product]
