"""The addresses of conditions: a county's below a word of its own, a network's below the network."""

from django.urls import URLPattern, path

from ..views import conditions as views

_COUNTY = "conditions/<slug:country>/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path(_COUNTY, views.county_condition, name="county_condition"),
    path(f"{_COUNTY}write/", views.county_condition_write, name="county_condition_write"),
    path(f"{_COUNTY}preview/", views.county_condition_preview, name="county_condition_preview"),
    path(f"{_COUNTY}discard/", views.county_condition_discard, name="county_condition_discard"),
    path("<slug:slug>/condition/", views.network_condition, name="network_condition"),
    path("<slug:slug>/condition/write/", views.network_condition_write, name="network_condition_write"),
    path("<slug:slug>/condition/preview/", views.network_condition_preview, name="network_condition_preview"),
    path("<slug:slug>/condition/discard/", views.network_condition_discard, name="network_condition_discard"),
]
