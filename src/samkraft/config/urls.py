"""Every address of the site. Pages carry their language first: /sv/places/se/mariestad/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from . import api, health

urlpatterns = [
    path("health", health.health, name="health"),
    path("files/", include("samkraft.records.urls")),
    path("api/v1/docs", api.docs, name="api-docs"),
    path("api/v1/", api.api.urls),
    *i18n_patterns(
        # Before the places: /places/se/feed/ is a feed and no municipality.
        path("", include("samkraft.feeds.urls")),
        path("places/", include("samkraft.places.urls")),
        path("places/", include("samkraft.statistics.urls")),
        path("networks/", include("samkraft.networks.urls")),
        path("meetings/", include("samkraft.meetings.urls")),
        path("calls/", include("samkraft.calls.urls")),
        path("search/", include("samkraft.search.urls")),
        path("account/", include("samkraft.people.account_urls")),
        path("steward/admin/", admin.site.urls),
        path("", include("samkraft.people.urls")),
        path("", include("samkraft.notices.urls")),
        path("", include("samkraft.portal.urls")),
    ),
]
handler404 = "samkraft.portal.views.not_found"
handler500 = "samkraft.portal.views.server_error"
