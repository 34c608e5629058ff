"""The addresses of feeds: reading, writing, following by mail, moderation, what comes in from elsewhere."""

from . import following, inflow, moderation, reading, writing

app_name = "feeds"
urlpatterns = [
    *writing.urlpatterns,
    *moderation.urlpatterns,
    *inflow.urlpatterns,
    *following.urlpatterns,
    *reading.urlpatterns,
]
