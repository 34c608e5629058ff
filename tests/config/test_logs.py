"""The logs hold nothing personal: no address, no account, no search, no token."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import path

from samkraft.config.logs import ImpersonalFormatter
from samkraft.ui.access import public
from tests import factories

pytestmark = pytest.mark.django_db
# What the programs around the request log write of one besides what we say of it.
OF_EVERY_RECORD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


@public
def _broken(request: Any, token: str) -> None:
    raise ZeroDivisionError("a fault of ours")


urlpatterns = [path("invitations/<str:token>/", _broken)]
handler500 = "samkraft.portal.views.server_error"


@pytest.fixture
def requests_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "samkraft.requests")
    return caplog


def said(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What the request log says of each request."""
    return [
        {name: value for name, value in record.__dict__.items() if name not in OF_EVERY_RECORD}
        for record in caplog.records
        if record.name == "samkraft.requests"
    ]


def test_a_request_is_one_line_with_method_route_status_and_time(
    client: Client, requests_logged: pytest.LogCaptureFixture
) -> None:
    client.get("/sv/places/se/mariestad/")

    (line,) = said(requests_logged)
    assert line.pop("ms") >= 0
    assert line == {"method": "GET", "route": "sv/places/<slug:country>/<slug:slug>/", "status": 200}


def test_the_log_holds_no_address_no_account_no_search_and_no_token(requests_logged: pytest.LogCaptureFixture) -> None:
    person = factories.user("secret.person@example.org", name="Secret Person")
    client = Client(
        REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Secret Browser", "x-forwarded-for": "203.0.113.8"}
    )
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    client.get("/sv/search/", {"q": "secret illness"})
    client.get("/sv/invitations/secret-token/")
    client.get("/sv/unsubscribe/secret-token/")
    client.post("/sv/accessibility/report/", {"text": "secret matter", "email": "secret.person@example.org"})
    client.get("/sv/secret/place/")

    lines = said(requests_logged)
    assert [line["route"] for line in lines] == [
        "sv/search/",
        "sv/invitations/<str:token>/",
        "sv/unsubscribe/<str:token>/",
        "sv/accessibility/report/",
        "",
    ]
    written = " ".join(str({**record.__dict__, "message": record.getMessage()}) for record in requests_logged.records)
    assert [word for word in ("secret", "Secret", "203.0.113") if word in written] == []


@pytest.fixture
def production_log() -> Iterator[StringIO]:
    """What the formatter of production writes of Django's own records of faults."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ImpersonalFormatter("%(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.urls(__name__)
def test_a_fault_is_logged_by_its_route_without_the_address_and_what_was_asked(production_log: StringIO) -> None:
    client = Client(raise_request_exception=False)

    assert client.get("/invitations/secret-token/?q=secret+illness").status_code == 500

    line = json.loads(production_log.getvalue())
    assert "ZeroDivisionError: a fault of ours" in line.pop("exc_info")
    assert line == {
        "levelname": "ERROR",
        "name": "django.request",
        "message": "Internal Server Error: invitations/<str:token>/",
        "method": "GET",
        "route": "invitations/<str:token>/",
        "status_code": 500,
    }


def test_a_refused_form_is_logged_by_its_route(production_log: StringIO) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/sv/accessibility/report/?page=secret", {"text": "secret"}).status_code == 403

    (line,) = (json.loads(text) for text in production_log.getvalue().splitlines())
    assert line["message"] == "Forbidden (CSRF cookie not set.): sv/accessibility/report/"
    assert "secret" not in production_log.getvalue()


def test_a_line_that_is_not_about_a_request_is_left_as_it_is() -> None:
    record = logging.makeLogRecord({"msg": "%s of %s", "args": (1, 2), "levelname": "INFO"})

    assert json.loads(ImpersonalFormatter("%(levelname)s %(message)s").format(record)) == {
        "levelname": "INFO",
        "message": "1 of 2",
    }
