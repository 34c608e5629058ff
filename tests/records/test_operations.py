"""Moves are logged with who, when and why; what may not be is refused and changes nothing."""

from datetime import timedelta

import pytest

from samkraft.places.models import AreaLink, LinkKind
from samkraft.records.machines import ANYONE, WORKER, Move
from samkraft.records.models import VISITOR_MESSAGE, MessageState, TransitionLog, VisitorMessage
from samkraft.records.operations import IllegalMove, forget_visitors, log_transition, may_move
from tests import factories
from tests.factories import NOW


def test_transition_is_made_and_logged(cast):
    message = factories.visitor_message()
    log_transition(
        subject=message, machine=VISITOR_MESSAGE, to=MessageState.DONE, by=cast.steward, now=NOW, why="Mended."
    )
    assert VisitorMessage.objects.get().state == MessageState.DONE
    entry = TransitionLog.objects.of(message).get()
    assert (entry.machine, entry.from_state, entry.to_state) == ("visitor_message", "received", "done")
    assert (entry.by, entry.at, entry.why, entry.subject) == (cast.steward, NOW, "Mended.", message)


def test_transition_that_is_not_declared_is_refused(cast):
    message = factories.visitor_message(state=MessageState.DONE)
    with pytest.raises(IllegalMove) as refused:
        log_transition(subject=message, machine=VISITOR_MESSAGE, to=MessageState.IN_PROGRESS, by=cast.steward, now=NOW)
    assert str(refused.value) == "This step is not possible from where the matter stands now."
    assert TransitionLog.objects.count() == 0


def test_transition_by_somebody_who_may_not_is_refused(cast):
    message = factories.visitor_message()
    for by in (cast.owner, cast.outsider, None):
        with pytest.raises(IllegalMove):
            log_transition(subject=message, machine=VISITOR_MESSAGE, to=MessageState.DONE, by=by, now=NOW)
    assert VisitorMessage.objects.get().state == MessageState.RECEIVED
    assert TransitionLog.objects.count() == 0


def test_transition_of_a_stale_copy_is_refused(cast):
    message = factories.visitor_message()
    stale = VisitorMessage.objects.get()
    log_transition(subject=message, machine=VISITOR_MESSAGE, to=MessageState.REJECTED, by=cast.steward, now=NOW)
    with pytest.raises(IllegalMove) as refused:
        log_transition(subject=stale, machine=VISITOR_MESSAGE, to=MessageState.DONE, by=cast.steward, now=NOW)
    assert str(refused.value) == "Somebody else has just handled this matter. Look at it again."
    assert VisitorMessage.objects.get().state == MessageState.REJECTED


def test_of_two_who_move_at_once_one_is_told(at_once):
    steward = factories.steward()
    message = factories.visitor_message()

    def settle(place):
        to = [MessageState.DONE, MessageState.REJECTED][place]
        copy = VisitorMessage.objects.get(pk=message.pk)
        return log_transition(subject=copy, machine=VISITOR_MESSAGE, to=to, by=steward, now=NOW)

    results = at_once(settle, 2)
    assert sorted(type(result).__name__ for result in results) == ["IllegalMove", "TransitionLog"]
    assert TransitionLog.objects.count() == 1


def test_move_of_the_worker_is_nobody_elses(cast):
    message = factories.visitor_message()
    by_clock = Move("received", "done", who=WORKER)
    assert may_move(by_clock, None, message) is True
    assert may_move(by_clock, cast.steward, message) is False
    assert may_move(Move("received", "done", who=ANYONE), None, message) is True


def test_links_of_an_area_keep_their_history(cast):
    link = AreaLink.objects.create(
        area=cast.area, kind=LinkKind.FACEBOOK, title="Omställning", url="https://example.org/a"
    )
    link.url = "https://example.org/b"
    link.save()
    kept = list(link.history.order_by("history_id").values_list("url", flat=True))
    assert kept == ["https://example.org/a", "https://example.org/b"]


def test_visitors_addresses_are_forgotten_when_the_matter_is_long_closed(db):
    long_ago = NOW - timedelta(days=91)
    settled = {"email": "eva@example.org", "state": MessageState.DONE}
    factories.visitor_message(**settled, closed_at=long_ago)
    factories.visitor_message(**settled, closed_at=NOW - timedelta(days=89))
    factories.visitor_message(email="eva@example.org", received_at=long_ago)
    assert forget_visitors(now=NOW) == 1
    kept = list(VisitorMessage.objects.order_by("pk").values_list("email", flat=True))
    assert kept == ["", "eva@example.org", "eva@example.org"]


def test_messages_are_visible_to_stewards_only(cast):
    message = factories.visitor_message()
    assert list(VisitorMessage.objects.visible_to(cast.steward)) == [message]
    assert list(VisitorMessage.objects.visible_to(cast.owner)) == []
