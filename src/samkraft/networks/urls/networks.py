"""The addresses of networks and of starting one. What begins with a fixed word comes first."""

from django.urls import URLPattern, path

from ..views import networks, networks_own, start

urlpatterns: list[URLPattern] = [
    path("", networks.index, name="index"),
    path("export.csv", networks.export, name="export"),
    path("without/", networks.areas_without, name="areas_without"),
    path("start/", start.start, name="start"),
    path("start/new/", start.new, name="start_new"),
    path("start/<int:pk>/", start.go_on, name="start_draft"),
    path("start/<int:pk>/where/", start.area, name="start_area"),
    path("start/<int:pk>/where/missing/", start.propose, name="start_propose"),
    path("start/<int:pk>/convener/", start.actor, name="start_actor"),
    path("start/<int:pk>/people/", start.people, name="start_people"),
    path("start/<int:pk>/about/", start.about, name="start_about"),
    path("start/<int:pk>/condition/", start.condition, name="start_condition"),
    path("start/<int:pk>/begin/", start.begin, name="start_begin"),
    path("start/<int:pk>/discard/", start.discard, name="start_discard"),
    path("counties/<slug:country>/<slug:slug>/", networks_own.county, name="county"),
    path("counties/<slug:country>/<slug:slug>/tick/", networks_own.county_tick, name="county_tick"),
    path("counties/facebook/<int:pk>/remove/", networks_own.facebook_remove, name="county_facebook_remove"),
    path("<slug:slug>/", networks.network, name="network"),
    path("<slug:slug>/contact/", networks.contact, name="network_contact"),
    path("<slug:slug>/contact/sent/", networks.contacted, name="network_contacted"),
    path("<slug:slug>/edit/", networks_own.edit, name="network_edit"),
    path("<slug:slug>/state/<slug:to>/", networks_own.state, name="network_state"),
    path("<slug:slug>/history/", networks_own.history, name="network_history"),
    path("<slug:slug>/tick/", networks_own.tick, name="network_tick"),
]
