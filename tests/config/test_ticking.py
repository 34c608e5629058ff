"""The worker's errands: each as often as it says, and none stops the others."""

from datetime import timedelta

import pytest

from samkraft.config import ticking
from samkraft.feeds.models import Post, PostState
from samkraft.networks.models import MembershipState
from samkraft.notices.models import MailState, OutboxMessage
from samkraft.notices.operations import tell
from tests import factories, factories_networks
from tests.factories import NOW


@pytest.mark.django_db
def test_a_tick_sends_mail_and_publishes_what_is_scheduled() -> None:
    post = factories_networks.post(state=PostState.SCHEDULED, scheduled_for=NOW, published_at=None)
    tell(to=factories.user(), kind="people.account", subject="Hello", text="Hello.", now=NOW)

    ticking.Worker().tick(now=NOW)

    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED
    assert not OutboxMessage.objects.filter(state=MailState.WAITING).exists()


@pytest.mark.django_db
def test_an_hours_errand_is_done_at_once_and_then_once_an_hour() -> None:
    worker = ticking.Worker()
    worker.tick(now=NOW)
    membership = factories_networks.admitted(due_on=NOW.date() + timedelta(days=59))

    worker.tick(now=NOW + timedelta(minutes=59))
    membership.refresh_from_db()
    soon = membership.state
    worker.tick(now=NOW + timedelta(minutes=60))
    membership.refresh_from_db()

    assert (soon, membership.state) == (MembershipState.ADMITTED, MembershipState.DUE)


@pytest.mark.django_db
def test_an_errand_that_fails_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def fails(now: object) -> None:
        raise ValueError("a feed from elsewhere")

    errands = (
        ticking.Errand("read a feed", ticking.TICK, fails),
        ticking.Errand("deliver mail", ticking.TICK, done.append),
    )
    monkeypatch.setattr(ticking, "ERRANDS", errands)

    ticking.Worker().tick(now=NOW)

    assert done == [NOW]
    assert "read a feed" in caplog.text
