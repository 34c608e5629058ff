"""Organisers do not take up an application, with a reason, and take it up again."""

import pytest

from samkraft.calls.models import (
    Application,
    ApplicationState,
    CallState,
)
from samkraft.calls.operations import excluding
from samkraft.notices.models import OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.operations import IllegalMove
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories import NOW
from ..factories_reviews import closed_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_application_is_not_taken_up_with_a_reason_and_taken_up_again() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    application = factories_calls.application(call)

    excluding.exclude(application=application, why="You do not work in a municipality.", by=organiser, now=NOW)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.EXCLUDED
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind) == (application.email, "calls.organiser")
    assert "You do not work in a municipality." in mail.text
    excluding.take_up_again(application=application, by=organiser, now=NOW)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.SUBMITTED
    assert [entry.why for entry in TransitionLog.objects.of(application)] == ["You do not work in a municipality.", ""]
    assert OutboxMessage.objects.count() == 2


def test_not_taking_up_is_refused_without_a_reason_to_others_and_once_the_draw_is_prepared() -> None:
    call = closed_call()
    organiser = factories_calls.organiser(call)
    application = factories_calls.application(call)

    with pytest.raises(Refused, match="Give the reason"):
        excluding.exclude(application=application, why=" ", by=organiser, now=NOW)
    with pytest.raises(IllegalMove, match="may not"):
        excluding.exclude(application=application, why="No", by=factories_calls.reviewer(call), now=NOW)
    call.state = CallState.COMMITTED
    call.save()
    with pytest.raises(Refused, match="draw is prepared"):
        excluding.exclude(application=application, why="No", by=organiser, now=NOW)
    assert OutboxMessage.objects.count() == 0
