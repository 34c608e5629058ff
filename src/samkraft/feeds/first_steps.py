"""What feeds add to the checklists of networks and counties: that something has been told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samkraft.networks.queries.networks_checklists import COUNTY, NETWORK, add_point
from samkraft.records.checklists import Point

from .models import Post

add_point(
    NETWORK,
    70,
    Point(
        "first_post",
        _("Tell something in the feed"),
        _("A first post says that the network has begun, and who is in it."),
        done=lambda network: Post.objects.published().filter(by_network=network).exists(),
        url=lambda network: reverse("feeds:write"),
    ),
)
add_point(
    COUNTY,
    50,
    Point(
        "feed",
        _("Tell something in the county's feed"),
        _("Networks, municipalities and residents follow what the county tells."),
        done=lambda county: Post.objects.published().in_county(county).exists(),
        url=lambda county: reverse("feeds:write"),
    ),
)
