"""The bare view that everything is compared with: Django, one address, a constant."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("constant", headers={"Content-Length": "8"})


urlpatterns = [path("bare", bare)]
