"""Draws in the queue: handed over, computed by the worker, taken up again when it stops, and never stuck."""

import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from samkraft.calls.models import Draw, DrawState
from samkraft.calls.operations import draws, draws_computing
from samkraft.calls.tasks import compute_draw
from samkraft.config import queue
from tests import factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + draws_computing.SILENT_FOR + timedelta(seconds=1)


def state_of(draw: Draw) -> str:
    draw.refresh_from_db()
    return draw.state


@pytest.mark.django_db(transaction=True)
def test_a_draw_waits_in_the_queue_and_is_done_by_whoever_works_it_off() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    waiting = list(DBTaskResult.objects.values_list("status", "task_path"))

    queue.work_off()

    assert waiting == [("READY", "samkraft.calls.tasks.compute_draw")]
    assert (state_of(draw), DBTaskResult.objects.get().status) == (DrawState.COMMITTED, "SUCCESSFUL")


def test_a_draw_that_is_refused_leaves_nothing_in_the_queue() -> None:
    call = factories_draws.call(people=1, seats=2)
    with pytest.raises(draws.Refused):
        factories_draws.begun(call)

    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_stopped_is_not_computed_when_its_turn_comes() -> None:
    draw = factories_draws.begun(factories_draws.call())
    draws.stop(draw=draw, by=draw.begun_by, now=NOW)

    queue.work_off()

    assert state_of(draw) == DrawState.CANCELLED


def test_a_draw_whose_worker_went_silent_is_taken_up_again() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    draws_computing._taken(draw.pk, NOW)
    DBTaskResult.objects.update(status="RUNNING")

    early = draws.take_up(now=NOW)
    late = draws.take_up(now=LATER)

    assert (early, late, DBTaskResult.objects.get().status) == (0, 1, "READY")
    draws_computing.compute(pk=draw.pk, clock=lambda: LATER)
    assert state_of(draw) == DrawState.COMMITTED


def test_an_attempt_that_lost_its_draw_changes_nothing() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    first = draws_computing._taken(draw.pk, NOW)
    draws_computing._taken(draw.pk, LATER)

    with pytest.raises(draws_computing.Lost):
        draws_computing.Heart(first, lambda: LATER).beat()
    draws_computing._end(first, DrawState.FAILED, "It broke.", LATER)

    assert state_of(draw) == DrawState.COMPUTING


def test_a_draw_that_lives_is_not_taken_by_another() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    draws_computing._taken(draw.pk, NOW)

    assert draws_computing._taken(draw.pk, NOW) is None


def test_after_three_attempts_a_draw_has_failed_with_a_sentence() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    at = NOW
    for _attempt in range(draws_computing.MOST_ATTEMPTS):
        draws_computing._taken(draw.pk, at)
        at = at + draws_computing.SILENT_FOR + timedelta(seconds=1)
    DBTaskResult.objects.update(status="RUNNING")

    draws.take_up(now=at)

    assert state_of(draw) == DrawState.FAILED
    assert draw.why.startswith("Something broke each time")


@pytest.mark.django_db(transaction=True)
def test_a_draw_that_stands_in_no_queue_is_put_there() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    kept = draws.take_up(now=NOW)
    DBTaskResult.objects.all().delete()

    found = draws.take_up(now=NOW)

    assert (kept, found) == (0, 1)
    queue.work_off()
    assert state_of(draw) == DrawState.COMMITTED


def test_a_worker_that_is_told_to_stop_leaves_the_draw_for_the_next_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))

    def told_to_stop(heart: draws_computing.Heart) -> bool:
        raise SystemExit(0)

    with monkeypatch.context() as patched:
        patched.setattr(draws_computing.Heart, "beat", told_to_stop)
        with pytest.raises(SystemExit):
            draws_computing.compute(pk=draw.pk, clock=lambda: NOW)

    assert state_of(draw) == DrawState.COMPUTING
    assert draws_computing.is_silent(draw, NOW)
    factories_draws.compute(draw)
    assert draw.state == DrawState.COMMITTED


def test_a_silent_draw_that_is_to_stop_ends_at_once() -> None:
    draw = factories_draws.begun(factories_draws.call(people=4, seats=2))
    draws_computing._taken(draw.pk, NOW)

    draws.stop(draw=draw, by=draw.begun_by, now=LATER)

    assert state_of(draw) == DrawState.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_what_the_queue_remembers_is_forgotten_after_a_month() -> None:
    compute_draw.enqueue(0)
    queue.work_off()
    result = DBTaskResult.objects.get()
    kept = draws.forget_tasks(now=result.enqueued_at + draws.KEPT_TASKS - timedelta(minutes=1))
    gone = draws.forget_tasks(now=result.enqueued_at + draws.KEPT_TASKS + timedelta(minutes=1))

    assert (kept, gone) == (0, 1)


@pytest.fixture
def handlers() -> Iterator[None]:
    """The handlers of signals as they were, once the test is done."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)}
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("handlers")
@pytest.mark.django_db(transaction=True)
def test_the_queues_process_stops_when_it_is_told_to(how: signal.Signals) -> None:
    signal.signal(signal.SIGALRM, lambda number, frame: signal.raise_signal(how))
    signal.setitimer(signal.ITIMER_REAL, 0.5)

    with pytest.raises(SystemExit) as stopped:
        queue.work_on()

    assert stopped.value.code == 0
