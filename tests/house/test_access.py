"""Every view says who may open it, and nobody else gets in."""

import pytest
import rules
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.generic import RedirectView

from samkraft.ui.access import PUBLIC, SIGNED_IN, allowed, policy_of, public, signed_in

from .routes import Route, all_routes

ROUTES = all_routes()
CLOSED = [route for route in ROUTES if policy_of(route.view) not in {PUBLIC, None}]
STEWARDS = [route for route in CLOSED if policy_of(route.view) == "people.is_steward"]
pytestmark = pytest.mark.django_db


def _forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may read this")


@public
def _open(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def _personal(request: HttpRequest) -> HttpResponse:
    return HttpResponse("personal")


@allowed("people.is_steward")
def _of_stewards(request: HttpRequest) -> HttpResponse:
    return HttpResponse("of stewards")


urlpatterns = [
    path("forgotten/", _forgotten),
    path("open/", _open),
    path("personal/", _personal),
    path("stewards/", _of_stewards),
    path("account/login/", _open, name="account_login"),
    path("search/", _open, name="search"),
]
handler404 = "django.views.defaults.page_not_found"


def named(route: Route) -> str:
    return route.pattern


def test_every_view_declares_who_may_open_it() -> None:
    undeclared = [route for route in ROUTES if policy_of(route.view) is None]

    assert [route.pattern for route in undeclared if not _is_old_address_of_admin(route)] == []


def test_old_addresses_of_the_administration_are_closed_to_stewards_too(cast) -> None:
    old = next(route for route in ROUTES if _is_old_address_of_admin(route))

    assert set(cast.statuses(old.example()).values()) == {404}


def _is_old_address_of_admin(route: Route) -> bool:
    """Django's redirects from addresses of before 1.9 to today's: no policy opens them, and nobody misses them."""
    return getattr(route.view, "view_class", None) is RedirectView and hasattr(route.view, "model_admin")


def test_every_policy_is_public_signed_in_or_a_rule_that_exists() -> None:
    named_rules = {policy_of(route.view) for route in ROUTES} - {PUBLIC, SIGNED_IN, None}

    assert [rule for rule in named_rules if not rules.rule_exists(rule)] == []


def test_the_site_has_pages_of_every_kind_of_policy() -> None:
    assert {policy_of(route.view) for route in ROUTES} >= {PUBLIC, SIGNED_IN, "people.is_steward"}


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_a_visitor_is_asked_to_sign_in_where_a_page_is_not_public(route: Route, client: Client) -> None:
    address = route.example()

    response = client.get(address)

    assert (response.status_code, response.headers["Location"].split("=")[0]) == (302, "/sv/account/login/?next")


@pytest.mark.parametrize("route", STEWARDS, ids=named)
def test_to_an_outsider_the_pages_of_stewards_do_not_exist(route: Route, cast) -> None:
    assert cast.client("outsider").get(route.example()).status_code == 404


@pytest.mark.urls(__name__)
class TestPolicies:
    """A few views, one of each policy, and the whole cast."""

    def test_a_view_without_a_policy_exists_for_nobody(self, cast) -> None:
        assert set(cast.statuses("/forgotten/").values()) == {404}

    def test_a_public_view_is_open_to_all(self, cast) -> None:
        assert set(cast.statuses("/open/").values()) == {200}

    def test_a_personal_view_asks_a_visitor_to_sign_in(self, cast) -> None:
        assert cast.statuses("/personal/") == {
            "owner": 200,
            "member": 200,
            "outsider": 200,
            "steward": 200,
            "visitor": 302,
        }

    def test_a_view_behind_a_rule_does_not_exist_for_those_whom_the_rule_leaves_out(self, cast) -> None:
        assert cast.statuses("/stewards/") == {
            "owner": 404,
            "member": 404,
            "outsider": 404,
            "steward": 200,
            "visitor": 302,
        }

    def test_signing_in_leads_back_to_the_page_that_was_wanted(self, client: Client) -> None:
        response = client.get("/personal/?tab=2")

        assert response.headers["Location"] == "/account/login/?next=/personal/%3Ftab%3D2"

    def test_posting_to_a_personal_view_asks_to_sign_in_too(self, client: Client) -> None:
        assert client.post("/personal/").status_code == 302
