"""What a stranger, or a person with an account, could do to others through mails."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.notices.models import OutboxMessage
from samkraft.people.models import Invitation, User
from samkraft.people.operations import accounts
from samkraft.records.limits import allow
from tests import factories

NAME = "Eva\r\n\r\nYour account is closed.\x0bOpen https://elsewhere.example"
ON_ONE_LINE = "Eva Your account is closed. Open https://elsewhere.example"


def test_change_account_keeps_a_name_on_one_line(db: None) -> None:
    eva = factories.user()

    accounts.change_account(user=eva, name=NAME, language="en")

    eva.refresh_from_db()
    assert eva.name == ON_ONE_LINE


def test_signup_keeps_a_name_on_one_line(db: None) -> None:
    Client().post(reverse("account_signup"), {"email": "eva@example.org", "name": NAME})

    assert User.objects.get().name == ON_ONE_LINE


@pytest.mark.parametrize("known", [False, True])
def test_signup_sends_an_address_at_most_ten_mails_an_hour(
    db: None, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known:
        factories.user("eva@example.org")
    began = time.time()
    statuses = []
    for attempt in range(12):
        monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda now=began + 60 * attempt: now)
        client = Client(REMOTE_ADDR=f"192.0.2.{attempt}")
        statuses.append(client.post(reverse("account_signup"), {"email": "eva@example.org"}).status_code)

    assert statuses == [302] * 10 + [429] * 2
    assert OutboxMessage.objects.filter(to_address="eva@example.org").count() == 10


def test_invite_sends_at_most_sixty_an_hour(db: None) -> None:
    area = factories.area()
    coordinator = factories.coordinator(area)
    client = Client()
    client.force_login(coordinator)
    address = reverse("people:invite", args=["se", area.slug])
    now = timezone.now()
    for _earlier in range(59):
        allow(action="people.invite", account=coordinator, limit=60, period=timedelta(hours=1), now=now)

    answers = [
        client.post(address, {"email": f"guest{number}@example.org", "role": "officer", "sector": "planning"})
        for number in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert list(Invitation.objects.values_list("email", flat=True)) == ["guest0@example.org"]
