"""The addresses of newspaper areas. Drawing comes before what begins with a country."""

from django.urls import URLPattern, path

from ..views import newspaper_areas

urlpatterns: list[URLPattern] = [
    path("areas/", newspaper_areas.index, name="newspaper_areas"),
    path("areas/draw/<slug:country>/", newspaper_areas.draw, name="newspaper_area_draw"),
    path("areas/<slug:country>/<slug:slug>/", newspaper_areas.newspaper_area, name="newspaper_area"),
    path("areas/<slug:country>/<slug:slug>/change/", newspaper_areas.change, name="newspaper_area_change"),
    path("areas/<slug:country>/<slug:slug>/confirm/", newspaper_areas.confirm, name="newspaper_area_confirm"),
    path("areas/<slug:country>/<slug:slug>/use/", newspaper_areas.use, name="newspaper_area_use"),
    path("areas/<slug:country>/<slug:slug>/history/", newspaper_areas.history, name="newspaper_area_history"),
]
