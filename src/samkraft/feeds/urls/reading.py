from django.urls import URLPattern, path

from ..views import reading, syndication

AREA = "places/<slug:country>/<slug:slug>/"
COUNTRY = "places/<slug:country>/"
NETWORK = "networks/<slug:slug>/"
ACTOR = "networks/actors/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("posts/<int:pk>/", reading.post, name="post"),
    path("posts/<int:pk>/event.ics", syndication.post_calendar, name="post_calendar"),
    path(f"{ACTOR}feed/", reading.actor, name="actor"),
    path(f"{ACTOR}feed/events/", reading.actor_events, name="actor_events"),
    path(f"{ACTOR}feed.atom", syndication.actor, {"form": "atom"}, name="actor_atom"),
    path(f"{ACTOR}feed.json", syndication.actor, {"form": "json"}, name="actor_json"),
    path(f"{ACTOR}calendar.ics", syndication.actor, {"form": "calendar"}, name="actor_calendar"),
    path(f"{NETWORK}feed/", reading.network, name="network"),
    path(f"{NETWORK}feed/events/", reading.network_events, name="network_events"),
    path(f"{NETWORK}feed.atom", syndication.network, {"form": "atom"}, name="network_atom"),
    path(f"{NETWORK}feed.json", syndication.network, {"form": "json"}, name="network_json"),
    path(f"{NETWORK}calendar.ics", syndication.network, {"form": "calendar"}, name="network_calendar"),
    path(f"{COUNTRY}feed/", reading.country, name="country"),
    path(f"{COUNTRY}feed/events/", reading.country_events, name="country_events"),
    path(f"{COUNTRY}feed.atom", syndication.country, {"form": "atom"}, name="country_atom"),
    path(f"{COUNTRY}feed.json", syndication.country, {"form": "json"}, name="country_json"),
    path(f"{COUNTRY}calendar.ics", syndication.country, {"form": "calendar"}, name="country_calendar"),
    path(f"{AREA}feed/", reading.area, name="area"),
    path(f"{AREA}feed/events/", reading.area_events, name="area_events"),
    path(f"{AREA}feed.atom", syndication.area, {"form": "atom"}, name="area_atom"),
    path(f"{AREA}feed.json", syndication.area, {"form": "json"}, name="area_json"),
    path(f"{AREA}calendar.ics", syndication.area, {"form": "calendar"}, name="area_calendar"),
]
