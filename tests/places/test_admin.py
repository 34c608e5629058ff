"""Stewards look after the links of areas."""

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.places.models import Area, AreaLink, LinkKind
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PAGE = "/sv/places/se/mariestad/"


def test_facebook_page_that_a_steward_adds_shows_at_once(cast: Cast, client: Client) -> None:
    mariestad = Area.objects.get(key="SE-1493")
    assert "facebook.example" not in client.get(PAGE).content.decode()
    steward = cast.client("steward")

    answer = steward.post(
        reverse("admin:places_arealink_add"),
        {
            "area": mariestad.pk,
            "kind": LinkKind.FACEBOOK,
            "title": "Mariestad ställer om",
            "url": "https://facebook.example/mariestad",
        },
    )

    assert answer.status_code == 302
    assert "https://facebook.example/mariestad" in client.get(PAGE).content.decode()

    steward.post(reverse("admin:places_arealink_delete", args=[AreaLink.objects.get().pk]), {"post": "yes"})

    assert "facebook.example" not in client.get(PAGE).content.decode()


def test_areas_and_releases_are_not_changed_by_hand(cast: Cast) -> None:
    steward = cast.client("steward")
    mariestad = Area.objects.get(key="SE-1493")

    assert steward.get(reverse("admin:places_area_changelist"), {"q": "mariestad"}).status_code == 200
    assert steward.get(reverse("admin:places_area_add")).status_code == 403
    assert steward.post(reverse("admin:places_area_delete", args=[mariestad.pk])).status_code == 403
    assert steward.get(reverse("admin:statistics_release_changelist")).status_code == 200
    assert steward.get(reverse("admin:statistics_release_add")).status_code == 403
