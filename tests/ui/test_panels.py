"""Panels: apps above show something on a page below without the page knowing them."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from samkraft.ui import panels

SLOT = "test.slot"
LIST = "places/_list.html"


def _shows(*names: str):
    """A panel's content: places with these names, which its template lists as links."""
    areas = [SimpleNamespace(display_name=name, get_absolute_url=f"/{name}/") for name in names]
    return {"areas": areas}


@pytest.fixture
def slot() -> Iterator[str]:
    """A slot of this test's own, empty before and gone after."""
    yield SLOT
    panels._slots.pop(SLOT, None)


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    return rf.get("/sv/")


def test_a_slot_without_panels_shows_nothing(slot: str, request_: HttpRequest) -> None:
    assert panels.render_slot(slot, request_) == ""


def test_panels_come_in_their_order_and_not_in_that_of_registration(slot: str, request_: HttpRequest) -> None:
    @panels.register(slot, order=20, template=LIST)
    def later(request: HttpRequest):
        return _shows("later")

    @panels.register(slot, order=10, template=LIST)
    def first(request: HttpRequest):
        return _shows("first")

    html = panels.render_slot(slot, request_)

    assert html.index(">first<") < html.index(">later<")
    assert [panel.order for panel in panels.registered(slot)] == [10, 20]


def test_a_panel_that_has_nothing_to_show_leaves_no_trace(slot: str, request_: HttpRequest) -> None:
    @panels.register(slot, order=10, template=LIST)
    def silent(request: HttpRequest):
        return None

    assert panels.render_slot(slot, request_) == ""


def test_a_panel_gets_what_the_page_is_about(slot: str, request_: HttpRequest) -> None:
    @panels.register(slot, order=10, template=LIST)
    def about(request: HttpRequest, place: str):
        return _shows(f"{place} at {request.path}")

    page = Template("{% slot 'test.slot' place='Mariestad' %}")

    assert ">Mariestad at /sv/<" in page.render(Context({"request": request_}))


def test_a_panel_escapes_what_people_have_written(slot: str, request_: HttpRequest) -> None:
    @panels.register(slot, order=10, template=LIST)
    def wicked(request: HttpRequest):
        return _shows("<script>alert(1)</script>")

    assert "<script" not in panels.render_slot(slot, request_)


def test_a_panel_is_registered_once_in_a_slot(slot: str) -> None:
    def content(request: HttpRequest):
        return None

    panels.register(slot, order=10, template=LIST)(content)

    with pytest.raises(ValueError, match=r"is already in the slot test\.slot"):
        panels.register(slot, order=20, template=LIST)(content)


def test_one_function_can_fill_several_slots(slot: str) -> None:
    assert [panel.name.rpartition(".")[2] for panel in panels.registered("municipality.state")] == ["state"]
    assert [panel.name.rpartition(".")[2] for panel in panels.registered("country.state")] == ["state"]


def test_a_shared_read_is_made_once_in_a_request(rf: RequestFactory) -> None:
    asked: list[str] = []

    def read(name: str) -> list[str]:
        asked.append(name)
        return [name]

    request = rf.get("/sv/")

    assert panels.shared(request, read, "Ada") is panels.shared(request, read, "Ada")
    assert panels.shared(request, read, "Eva") == ["Eva"]
    assert panels.shared(rf.get("/sv/"), read, "Ada") == ["Ada"]
    assert asked == ["Ada", "Eva", "Ada"]


def test_a_shared_read_that_found_nothing_is_not_asked_again(rf: RequestFactory) -> None:
    asked: list[int] = []
    request = rf.get("/sv/")

    assert panels.shared(request, lambda: None) is None
    assert [panels.shared(request, asked.append, 1), panels.shared(request, asked.append, 1)] == [None, None]
    assert len(asked) == 1
