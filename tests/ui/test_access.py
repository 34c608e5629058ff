"""How a view says who may open it."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View

from samkraft.ui import access


def _view(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse("content")


class _Foreign(View):
    pass


def test_a_view_has_no_policy_until_it_declares_one() -> None:
    assert access.policy_of(_view) is None


def test_each_decorator_declares_its_policy() -> None:
    def one(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def two(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def three(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert access.policy_of(access.public(one)) == access.PUBLIC
    assert access.policy_of(access.signed_in(two)) == access.SIGNED_IN
    assert access.policy_of(access.allowed("people.is_steward")(three)) == "people.is_steward"
    assert access.policy_of(access.public_page("places")(_view)) == access.PUBLIC


def test_a_page_says_what_it_shows(rf: RequestFactory) -> None:
    fixed = access.public_page("places")(_view)
    by_address = access.public_page(lambda country, slug="": (f"area:{country}/{slug}", f"statistics:{country}"))(_view)

    assert fixed(rf.get("/")).page_tags == ("places",)
    assert by_address(rf.get("/"), country="se").page_tags == ("area:se/", "statistics:se")


def test_the_policy_of_anothers_module_holds_for_modules_below_it() -> None:
    view = _Foreign.as_view()
    access.declare_external(__name__.rpartition(".")[0], "people.is_steward")
    try:
        assert access.policy_of(view) == "people.is_steward"
        assert access.policy_of(_view) == "people.is_steward"
    finally:
        del access._external[__name__.rpartition(".")[0]]
    assert access.policy_of(view) is None


def test_the_nearest_module_decides() -> None:
    assert access.policy_of(_named("allauth.mfa.totp.views")) == access.SIGNED_IN
    assert access.policy_of(_named("allauth.account.views")) == access.PUBLIC
    assert access.policy_of(_named("allauth.socialaccount.views")) is None


def _named(module: str) -> access.View:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.__module__ = module
    return view
