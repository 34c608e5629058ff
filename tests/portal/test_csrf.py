"""A form that is sent without its protection is answered by a page of ours."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "heading"),
    [("sv", "Formuläret skickades inte"), ("nb", "Skjemaet ble ikke sendt"), ("da", "Formularen blev ikke sendt")],
)
def test_form_without_its_protection_is_answered_kindly(language: str, heading: str) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(f"/{language}/accessibility/report/", {"text": "Kartan"})

    assert answer.status_code == 403
    assert f">{heading}</h1>" in answer.content.decode()
    assert "style=" not in answer.content.decode()
