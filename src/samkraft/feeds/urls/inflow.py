from django.urls import URLPattern, path

from ..views import inflow

urlpatterns: list[URLPattern] = [
    path("tray/", inflow.tray, name="tray"),
    path("tray/sources/<int:pk>/remove/", inflow.remove_source, name="remove_source"),
    path("tray/<slug:country>/<slug:slug>/sources/", inflow.sources, name="sources"),
]
