"""The addresses of networks. What begins with a fixed word comes before what begins with a network's own."""

from . import actors, campaigns, conditions, meetings, memberships, networks, newspaper_areas

app_name = "networks"
urlpatterns = [
    *newspaper_areas.urlpatterns,
    *actors.urlpatterns,
    *conditions.urlpatterns,
    *memberships.urlpatterns,
    *campaigns.urlpatterns,
    *meetings.urlpatterns,
    *networks.urlpatterns,
]
