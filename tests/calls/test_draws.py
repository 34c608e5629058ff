"""A draw from the button to its outcome: one of two who press, what may be changed when, and what nobody may change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Count

from samkraft.calls.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Decision,
    Draw,
    DrawEvent,
    DrawFile,
    DrawState,
    Limit,
    Merit,
    Outcome,
    PoolMember,
    Reply,
    SeedEntry,
    SeedKind,
)
from samkraft.calls.operations import applications_erasing, draws, draws_computing
from samkraft.engines.selection.verify_draw import checks
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from tests import factories, factories_calls, factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
VERIFY = Path(draws_computing.__file__).parents[2] / "engines/selection/verify_draw.py"


def files_of(draw: Draw) -> dict[str, bytes]:
    return {file.name: bytes(file.content) for file in draw.files.all()}


def test_commitment_holds_the_lottery_and_tells_each_member_their_chance() -> None:
    draw = factories_draws.committed()

    assert (draw.state, draw.call.state, draw.progress) == (DrawState.COMMITTED, CallState.COMMITTED, 100)
    assert [(file.name, file.is_public) for file in draw.files.order_by("name")] == [
        ("panels.csv", True),
        ("pool.csv", True),
        ("report.json", True),
        ("types.csv", False),
    ]
    # Four of twelve technical, at most two of four places: everybody has a third.
    assert {round(chance, 9) for chance in draw.pool.values_list("optimal", flat=True)} == {round(1 / 3, 9)}
    assert draw.results["counts"] == {"applied": 12, "excluded": 0, "below": 0, "taking_part": 12}
    assert draw.results["pool"] == {"sector": {"technical": 4, "planning": 8}}
    assert [check.sentence for check in checks(files_of(draw)) if not check.agrees] == []


def test_who_began_the_draw_hears_that_it_is_ready() -> None:
    draw = factories_draws.committed()

    assert [message.to_user_id for message in OutboxMessage.objects.filter(kind="calls.work")] == [draw.begun_by_id]


def test_a_draw_needs_a_closed_call_and_somebody_who_runs_it() -> None:
    call = factories_draws.call(state=CallState.OPEN)
    organiser = factories_calls.organiser(call)

    with pytest.raises(Refused, match="when the call is closed"):
        draws.begin(call=call, by=organiser, now=NOW)
    with pytest.raises(Refused, match="Only those who run the call"):
        draws.begin(call=call, by=factories.user(), now=NOW)


def test_a_draw_without_points_says_how_many_lack_them() -> None:
    call = factories_draws.call(people=5, seats=2, merit=Merit.THRESHOLD, merit_threshold=3)

    with pytest.raises(Refused, match="5 applications have no points yet"):
        factories_draws.begun(call, factories_calls.organiser(call))


def _scored(call: Call, *points: int) -> None:
    """Reviews with these points, of the applications in their order."""
    factories_calls.scale(call)
    reviewer = factories_calls.reviewer(call)
    for application, given in zip(call.applications.all(), points, strict=True):
        factories_calls.review(application, reviewer, given)


def test_whom_nobody_could_choose_fails_with_a_sentence_and_can_begin_again() -> None:
    # People 001, 010, 100, 111 and two seats, one of each value: parts of people would do, whole ones do not.
    call = factories_calls.call(state=CallState.CLOSED, seats=2)
    questions = [factories_calls.choice_question(call, "0", "1") for _place in range(3)]
    for question in questions:
        made = call.criteria.create(source="question", question=question, position=question.position)
        for value in "01":
            Limit.objects.create(criterion=made, value=value, minimum=1, maximum=1)
    for bits in ("001", "010", "100", "111"):
        factories_calls.application(call, answers=dict(zip(questions, bits, strict=True)))

    draw = factories_draws.committed(call)

    assert (draw.state, draw.why) == (DrawState.FAILED, "The limits exclude each other: nobody can be chosen so.")
    assert (draw.pool.count(), draw.call.state) == (0, CallState.CLOSED)
    assert factories_draws.begun(call, draw.begun_by).state == DrawState.WAITING


def test_what_changes_while_the_draw_is_computed_makes_it_fail() -> None:
    draw = factories_draws.begun(factories_draws.call())
    Application.objects.filter(pk=draw.call.applications.first().pk).update(state=ApplicationState.EXCLUDED)

    factories_draws.compute(draw)

    assert draw.state == DrawState.FAILED
    assert draw.why.startswith("Applications, points or limits were changed")


def test_a_fault_of_ours_leaves_a_sentence_and_no_half_result(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    draw = factories_draws.begun(factories_draws.call())
    monkeypatch.setattr(draws_computing, "PANELS", 0)

    factories_draws.compute(draw)

    assert (draw.state, draw.files.count(), draw.pool.count()) == (DrawState.FAILED, 0, 0)
    assert "could not be computed" in caplog.text


def test_stopping_before_the_worker_takes_it_ends_the_draw_at_once() -> None:
    draw = factories_draws.begun(factories_draws.call())

    stopped = draws.stop(draw=draw, by=draw.begun_by, now=NOW)
    factories_draws.compute(draw)

    assert (stopped.state, draw.state, draw.call.state) == (DrawState.CANCELLED, DrawState.CANCELLED, CallState.CLOSED)


def test_stopping_while_it_is_computed_is_heard_by_the_next_beat() -> None:
    draw = factories_draws.begun(factories_draws.call())
    taken = draws_computing._taken(draw.pk, NOW)
    draws.stop(draw=draw, by=draw.begun_by, now=NOW)

    assert draws_computing.Heart(taken, lambda: NOW).asked()


def test_a_ready_draw_is_not_stopped_but_taken_back_with_a_reason() -> None:
    draw = factories_draws.committed()

    with pytest.raises(Refused, match="nothing left to stop"):
        draws.stop(draw=draw, by=draw.begun_by, now=NOW)
    with pytest.raises(Refused, match="Write the reason"):
        draws.take_back(draw=draw, why=" ", by=draw.begun_by, now=NOW)
    draws.take_back(draw=draw, why="One application was overlooked.", by=draw.begun_by, now=NOW)
    draw.refresh_from_db()
    draw.call.refresh_from_db()

    assert (draw.state, draw.why) == (DrawState.WITHDRAWN, "One application was overlooked.")
    assert draw.call.state == CallState.CLOSED
    assert factories_draws.committed(draw.call, draw.begun_by).state == DrawState.COMMITTED


def test_what_is_drawn_is_not_taken_back() -> None:
    draw = factories_draws.drawn()

    with pytest.raises(Refused, match="cannot be taken back"):
        draws.take_back(draw=draw, why="It went wrong.", by=draw.begun_by, now=NOW)


def test_the_number_gives_every_application_an_outcome() -> None:
    draw = factories_draws.drawn()

    outcomes = dict(Decision.objects.values_list("drawn_outcome").annotate(Count("pk")))
    assert outcomes == {Outcome.PLACE: 4, Outcome.WAITLIST: 8}
    waiting = Decision.objects.waiting().values_list("position", flat=True)
    assert (draw.state, draw.call.state, list(waiting)) == (DrawState.DRAWN, CallState.DRAWN, list(range(1, 9)))
    chosen = draw.results["chosen"]["sector"]
    assert (sum(chosen.values()), 1 <= chosen["technical"] <= 2) == (4, True)
    assert draw.seed == factories_draws.NUMBER


def test_who_did_not_take_part_gets_no_place_and_no_position() -> None:
    call = factories_draws.call(people=6, seats=2, merit=Merit.THRESHOLD, merit_threshold=3)
    _scored(call, 1, 5, 5, 5, 5, 5)
    Limit.objects.filter(criterion__call=call).delete()
    excluded = factories_draws.apply(call, 7, state=ApplicationState.EXCLUDED)
    factories_draws.apply(call, 8, state=ApplicationState.WITHDRAWN)

    draw = factories_draws.drawn(call)

    below = call.applications.order_by("pk").first()
    no = Decision.objects.filter(outcome=Outcome.NO)
    assert sorted(no.values_list("application", "position")) == [(below.pk, None), (excluded.pk, None)]
    assert draw.results["counts"] == {"applied": 7, "excluded": 1, "below": 1, "taking_part": 5}
    assert Decision.objects.count() == 7


def test_the_same_number_draws_the_same_people() -> None:
    draw = factories_draws.committed()
    files = files_of(draw)

    drawn = draws.enter_public_number(draw=draw, number=" 17 ", url="", by=draw.begun_by, now=NOW)

    again = draws_computing.run_files(files, "17")
    assert files_of(drawn)["drawn.csv"] == again["drawn.csv"]
    ids = {line.split(",")[0] for line in again["drawn.csv"].decode().splitlines()[1:]}
    placed = Decision.objects.filter(outcome=Outcome.PLACE).values_list("application", flat=True)
    assert set(draw.pool.filter(application__in=placed).values_list("public_id", flat=True)) == ids


def test_another_number_after_the_draw_is_refused_and_kept() -> None:
    draw = factories_draws.drawn()
    before = files_of(draw)

    with pytest.raises(Refused, match="already drawn with another number"):
        draws.enter_public_number(draw=draw, number="777", url="", by=draw.begun_by, now=NOW)

    draw.refresh_from_db()
    assert (draw.seed, files_of(draw)) == (factories_draws.NUMBER, before)
    event = DrawEvent.objects.get()
    assert (event.kind, event.text, event.by) == ("number_refused", "777", draw.begun_by)


@pytest.mark.parametrize("number", ["", "   ", "12\u200b34", "1" * 121])
def test_a_number_that_cannot_be_seen_or_read_out_is_refused(number: str) -> None:
    draw = factories_draws.committed()

    with pytest.raises(Refused):
        draws.enter_public_number(draw=draw, number=number, url="", by=draw.begun_by, now=NOW)

    assert Draw.objects.get().state == DrawState.COMMITTED


def test_a_file_that_was_changed_is_not_drawn_from() -> None:
    draw = factories_draws.committed()
    DrawFile.objects.filter(name="panels.csv").update(content=b"panel,types\n0,0:4\n")

    with pytest.raises(Refused, match="not what it was"):
        draws.enter_public_number(draw=draw, number="1", url="", by=draw.begun_by, now=NOW)


def test_two_people_enter_a_number_each_and_the_draw_is_made_with_both() -> None:
    call = factories_draws.call(seed_kind=SeedKind.TWO_PEOPLE)
    first, second = factories_calls.organiser(call), factories_calls.organiser(call)
    draw = factories_draws.committed(call, first)

    draws.enter_own_number(draw=draw, number="31", by=first, now=NOW)
    draw.refresh_from_db()
    waiting = draw.state
    with pytest.raises(Refused, match="has to come from somebody else"):
        draws.enter_own_number(draw=draw, number="32", by=first, now=NOW)
    with pytest.raises(Refused, match="two people enter a number each"):
        draws.enter_public_number(draw=draw, number="33", url="", by=second, now=NOW)
    draws.enter_own_number(draw=draw, number="99", by=second, now=NOW)
    draw.refresh_from_db()

    assert (waiting, draw.state, draw.seed) == (DrawState.COMMITTED, DrawState.DRAWN, "31+99")
    assert list(DrawEvent.objects.values_list("kind", flat=True)) == ["second_number_of_one"]


def test_a_commitment_taken_back_takes_its_first_number_with_it() -> None:
    call = factories_draws.call(seed_kind=SeedKind.TWO_PEOPLE)
    first = factories_calls.organiser(call)
    factories_calls.organiser(call)
    draw = factories_draws.committed(call, first)
    draws.enter_own_number(draw=draw, number="31", by=first, now=NOW)

    draws.take_back(draw=draw, why="A mistake.", by=first, now=NOW)
    again = factories_draws.committed(draw.call, first)

    assert SeedEntry.objects.filter(draw=again).count() == 0


def test_as_many_places_as_applicants_gives_everybody_one_by_the_same_way() -> None:
    call = factories_calls.call(state=CallState.CLOSED, seats=3)
    for _number in range(3):
        factories_calls.application(call)

    draw = factories_draws.drawn(call)

    assert set(draw.pool.values_list("optimal", "drawn")) == {(1.0, 1.0)}
    assert Decision.objects.filter(outcome=Outcome.PLACE).count() == 3


def test_fewer_applicants_than_places_is_told_before_anything_is_computed() -> None:
    call = factories_calls.call(state=CallState.CLOSED, seats=3)
    factories_calls.application(call)

    with pytest.raises(Refused, match="Only 1 take part, and there are 3 places"):
        factories_draws.begun(call)


def test_a_test_draw_shows_what_could_be_and_decides_nothing() -> None:
    call = factories_draws.call(state=CallState.OPEN)

    draw = factories_draws.tried(call)

    assert (draw.state, call.state) == (DrawState.DRAWN, CallState.OPEN)
    assert (Decision.objects.count(), draw.files.count(), draw.pool.count()) == (0, 0, 0)
    assert sum(draw.results["chosen"]["sector"].values()) == 4
    assert draw.seed


def test_a_test_draw_has_no_number_to_enter() -> None:
    draw = factories_draws.tried(factories_draws.call())

    with pytest.raises(Refused, match="no draw that waits"):
        draws.enter_public_number(draw=draw, number="1", url="", by=draw.begun_by, now=NOW)


def test_test_draws_can_be_made_beside_a_draw_that_waits() -> None:
    call = factories_draws.call()
    draw = factories_draws.begun(call)

    assert factories_draws.tried(call, draw.begun_by).state == DrawState.DRAWN


def test_who_withdraws_after_the_commitment_leaves_the_place_to_the_waiting_list() -> None:
    draw = factories_draws.committed()
    everybody = list(draw.pool.values_list("application", flat=True))
    Application.objects.filter(pk__in=everybody).update(state=ApplicationState.WITHDRAWN)

    draws.enter_public_number(draw=draw, number="5", url="", by=draw.begun_by, now=NOW)

    assert set(Decision.objects.values_list("reply", flat=True)) == {Reply.DECLINED}
    assert Decision.objects.holding_places().count() == 0


def test_an_erased_applicant_leaves_a_draw_that_still_verifies(tmp_path: Path) -> None:
    draw = factories_draws.committed()
    gone = draw.call.applications.order_by("pk").first()
    member = PoolMember.objects.get(application=gone)

    applications_erasing.erase(application=gone, now=NOW)
    draws.enter_public_number(draw=draw, number="5", url="", by=draw.begun_by, now=NOW)
    member.refresh_from_db()

    assert (member.application, member.salt, member.features, member.drawn) == (None, "", {}, None)
    assert (Decision.objects.count(), Decision.objects.get(application=gone).reply) == (12, Reply.DECLINED)
    for name, content in files_of(draw).items():
        (tmp_path / name).write_bytes(content)
    ran = subprocess.run(
        [sys.executable, "-I", str(VERIFY), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "Everything agrees.")


def test_no_public_file_holds_anything_personal() -> None:
    draw = factories_draws.drawn()

    public = b"".join(bytes(file.content) for file in draw.files.filter(is_public=True)).decode()
    told = [application.email for application in draw.call.applications.all()]
    told += [application.name for application in draw.call.applications.all()]
    told += [member.salt for member in draw.pool.all()]
    assert [text for text in told if text in public] == []
    assert set(json.loads(files_of(draw)["report.json"])) >= {"panels_sha256", "pool_digest", "seed_source"}


# --- Two at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def transactional_call(transactional_db: None) -> Call:
    return factories_draws.call(people=4, seats=2)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_begins_and_the_other_is_told(at_once, transactional_call: Call) -> None:
    people = [factories_calls.organiser(transactional_call) for _number in range(2)]

    results = at_once(lambda place: draws.begin(call=transactional_call, by=people[place], now=NOW), 2)

    assert sorted(type(result).__name__ for result in results) == ["Draw", "Refused"]
    assert Draw.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_numbers_at_once_one_draws_and_the_other_is_refused_and_kept(at_once, transactional_call: Call) -> None:
    draw = factories_draws.committed(transactional_call)
    by = draw.begun_by

    def enter(place: int) -> Draw:
        return draws.enter_public_number(draw=draw, number=str(place), url="", by=by, now=NOW)

    results = at_once(enter, 2)

    assert sorted(type(result).__name__ for result in results) == ["Draw", "Refused"]
    assert (DrawFile.objects.filter(name="drawn.csv").count(), Decision.objects.count()) == (1, 4)
    refused = next(place for place, result in enumerate(results) if isinstance(result, Refused))
    assert list(DrawEvent.objects.values_list("kind", "text")) == [("number_refused", str(refused))]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_enter_their_numbers_at_once_make_one_draw(at_once, transactional_db: None) -> None:
    call = factories_draws.call(people=4, seats=2, seed_kind=SeedKind.TWO_PEOPLE)
    people = [factories_calls.organiser(call) for _number in range(2)]
    draw = factories_draws.committed(call, people[0])

    results = at_once(
        lambda place: draws.enter_own_number(draw=draw, number=f"{place}{place}", by=people[place], now=NOW), 2
    )

    draw.refresh_from_db()
    assert [type(result).__name__ for result in results] == ["Draw", "Draw"]
    assert draw.seed in {"00+11", "11+00"}
    assert Decision.objects.count() == 4
