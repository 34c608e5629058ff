"""From the draw to the announcement: what the organiser changes, says to be right, and tells all."""

from datetime import UTC, datetime

import pytest

from samkraft.calls.models import Call, CallState, ManualChange, Outcome
from samkraft.calls.operations import decisions, replies
from samkraft.calls.queries import decisions as queries
from samkraft.calls.rules.decisions import answer_by, as_data, broken, from_data, held, moved, steps_to_hold
from samkraft.engines.selection import Cap, Quota, Rules, Step
from samkraft.notices.models import Notice, OutboxMessage
from samkraft.records.models import TransitionLog
from samkraft.records.operations import IllegalMove
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW
from ..factories_decisions import Drawn, drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def three(**fields) -> Drawn:
    return drawn(places={"ada": {}}, waiting={"eva": {}, "finn": {}}, no={"gun": {}}, **fields)


def change(at: Drawn, name: str, to: str, why: str = "She asked for it.") -> ManualChange:
    return decisions.change_outcome(decision=at[name], to=to, why=why, by=at.organiser, now=NOW)


def announce(at: Drawn, now=NOW) -> int:
    call = Call.objects.get(pk=at.call.pk)
    if call.state == CallState.DRAWN:
        decisions.decide(call=call, by=at.organiser, now=now)
    return decisions.announce(call=call, by=at.organiser, now=now)


# --- Changing by hand -------------------------------------------------------------------------------------------------


def test_change_keeps_the_draw_s_outcome_and_the_reason() -> None:
    at = three()

    made = change(at, "ada", "no", "  Applied twice. ")

    ada = at["ada"]
    assert (ada.drawn_outcome, ada.outcome) == (Outcome.PLACE, Outcome.NO)
    assert (made.from_outcome, made.to_outcome, made.why, made.by, made.at) == (
        "place",
        "no",
        "Applied twice.",
        at.organiser,
        NOW,
    )


def test_change_is_undone_by_another_and_both_stand_in_the_report() -> None:
    at = three()
    change(at, "eva", "place")

    change(at, "eva", "waitlist", "It was a mistake.")

    assert at.names(queries.listed(at.call, wanted="waitlist")) == ["eva", "finn"]
    assert [(row.from_outcome, row.to_outcome) for row in queries.changes_of(at.call)] == [
        ("waitlist", "place"),
        ("place", "waitlist"),
    ]


def test_who_is_put_on_the_waiting_list_stands_last() -> None:
    at = three()

    change(at, "gun", "waitlist")

    assert queries.ranks(at.call) == {at["eva"].pk: 1, at["finn"].pk: 2, at["gun"].pk: 3}
    assert [queries.rank_of(at[name]) for name in ("eva", "finn", "gun", "ada")] == [1, 2, 3, None]


@pytest.mark.parametrize(
    ("state", "why", "sentence"),
    [
        (CallState.DRAWN, "  ", "Write the reason. It stands in the public report."),
        (CallState.DECIDED, "x", "The decisions are said to be right. Open them again before you change one."),
        (CallState.ANNOUNCED, "x", "Outcomes are changed only after the draw and before anybody is told."),
    ],
)
def test_change_is_refused(state: str, why: str, sentence: str) -> None:
    at = three(state=state)

    with pytest.raises(Refused) as refused:
        change(at, "ada", "no", why)

    assert (str(refused.value), at["ada"].outcome, ManualChange.objects.count()) == (sentence, "place", 0)


def test_change_to_what_it_is_already_is_refused() -> None:
    at = three()
    with pytest.raises(Refused, match="The outcome is that already"):
        change(at, "ada", "place")


def test_change_of_who_came_in_for_an_erased_person_frees_that_place_again() -> None:
    at = three()
    replies.leave_by_erasure(application=at["ada"].application, now=NOW)
    assert (at["eva"].outcome, at["ada"].replaced_by_id) == ("place", at["eva"].pk)

    change(at, "eva", "no")

    assert (at["ada"].replaced_by_id, at["eva"].offered_from_waitlist) == (None, False)
    assert at.names(queries.free_places(at.call)) == ["ada"]


# --- Right, and announced ---------------------------------------------------------------------------------------------


def test_right_and_open_again_are_logged_moves() -> None:
    at = three()
    decisions.decide(call=at.call, by=at.organiser, now=NOW)
    decisions.reopen(call=at.call, by=at.organiser, now=NOW)

    log = TransitionLog.objects.of(at.call).order_by("pk")
    assert list(log.values_list("from_state", "to_state", "by")) == [
        ("drawn", "decided", at.organiser.pk),
        ("decided", "drawn", at.organiser.pk),
    ]


def test_who_does_not_run_the_call_moves_nothing() -> None:
    at = three()
    with pytest.raises(IllegalMove):
        decisions.decide(call=at.call, by=factories.user(), now=NOW)
    with pytest.raises(IllegalMove):
        decisions.announce(call=at.call, by=at.organiser, now=NOW)


def test_announcing_sends_each_applicant_one_letter_in_their_language() -> None:
    person = factories.user("eva@example.org", language="da")
    at = three(languages={"gun": "nb"}, users={"eva": person})

    sent = announce(at)

    letters = OutboxMessage.objects.order_by("pk")
    assert sent == 4
    assert [(letter.kind, letter.to_address, letter.language, letter.to_user) for letter in letters] == [
        ("calls.decision", at["ada"].application.email, "en", None),
        ("calls.decision", "eva@example.org", "en", person),
        ("calls.decision", at["finn"].application.email, "en", None),
        ("calls.decision", at["gun"].application.email, "nb", None),
    ]
    assert [letter.subject.split(":")[0] for letter in letters][:3] == [
        "You are offered a place",
        "You are on the waiting list",
        "You are on the waiting list",
    ]
    assert "You are number 2 on the waiting list." in letters[2].text
    assert Notice.objects.get().user == person


def test_announcing_sets_when_the_place_was_offered_and_the_last_minute_to_answer() -> None:
    at = three(answer_days=10)

    announce(at)

    call = Call.objects.get(pk=at.call.pk)
    assert (call.state, call.announced_at) == (CallState.ANNOUNCED, NOW)
    assert (at["ada"].offered_at, at["ada"].answer_by) == (NOW, datetime(2026, 3, 12, 22, 59, tzinfo=UTC))
    assert (at["eva"].offered_at, at["eva"].answer_by) == (None, None)


def test_announcing_twice_sends_nothing_more() -> None:
    at = three()
    announce(at)
    with pytest.raises(Refused, match="announced already"):
        announce(at)
    assert OutboxMessage.objects.count() == 4


def test_announcing_leaves_out_the_erased() -> None:
    at = three()
    application = at["gun"].application
    application.erased_at = NOW
    application.save()
    assert announce(at) == 3


def test_of_two_who_announce_at_once_one_wins(at_once) -> None:
    at = three(state=CallState.DECIDED)

    results = at_once(lambda number: decisions.announce(call=at.call, by=at.organiser, now=NOW), 2)

    assert [result for result in results if not isinstance(result, Refused)] == [4]
    assert len([result for result in results if isinstance(result, Refused)]) == 1
    assert OutboxMessage.objects.count() == 4


# --- What others may know ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.DECIDED])
def test_before_the_announcement_nothing_is_told_anywhere(state: str) -> None:
    person = factories.user()
    at = three(state=state, users={"ada": person})

    assert queries.told_to(at["ada"].application) is None
    assert queries.to_answer(person, NOW) == []
    assert list(queries.accepted(at.call)) == []


def test_accepted_are_those_who_took_their_place() -> None:
    at = drawn(places={"ada": {}, "bo": {}, "cy": {}}, state=CallState.ANNOUNCED)
    replies.accept(decision=at["bo"], now=NOW)
    replies.accept(decision=at["ada"], now=NOW)
    replies.decline(decision=at["ada"], now=NOW)

    assert list(queries.accepted(at.call)) == [at["bo"].application]


def test_organisers_are_told_else_who_made_the_call() -> None:
    call = factories_calls.call()
    assert queries.organisers_of(call) == [call.created_by]
    person = factories_calls.organiser(call)
    assert queries.organisers_of(call) == [person]


def test_free_place_is_shown_to_those_who_run_the_call_and_to_nobody_else() -> None:
    area = factories.area()
    at = drawn(places={"ada": {}}, waiting={}, state=CallState.ANNOUNCED, of=area)
    replies.decline(decision=at["ada"], now=NOW)

    shown = [
        [row.pk for row in queries.calls_with_free_places(person)]
        for person in (at.organiser, factories.coordinator(area), factories.coordinator(area.parent), factories.user())
    ]

    assert shown == [[at["ada"].pk], [at["ada"].pk], [at["ada"].pk], []]


# --- Plain rules ------------------------------------------------------------------------------------------------------

RULES = Rules(3, (Quota("sector", "wood", 1, 2), Quota("sector", "steel", 1, 2)), (Cap("municipality", 1),))


def people(*sectors: str) -> list[dict[str, str]]:
    return [{"sector": sector, "municipality": f"m{number}"} for number, sector in enumerate(sectors)]


def test_answer_by_counts_days_over_the_change_of_the_clocks() -> None:
    assert answer_by(datetime(2026, 3, 27, 12, tzinfo=UTC), 3, "Europe/Stockholm") == datetime(
        2026, 3, 30, 21, 59, tzinfo=UTC
    )


def test_held_counts_each_limit() -> None:
    found = held(RULES, [*people("wood", "wood", "wood"), {"sector": "steel", "municipality": "m0"}])
    assert [(limit.value, limit.count, limit.holds) for limit in found] == [
        ("wood", 3, False),
        ("steel", 1, True),
        ("", 2, False),
    ]


def test_broken_names_only_what_becomes_worse() -> None:
    before, after = held(RULES, people("wood", "wood", "wood")), held(RULES, people("wood", "wood"))
    assert (broken(before, after), [limit.value for limit in broken(after, before)]) == ([], ["wood"])


def test_steps_to_hold_leave_a_minimum_that_can_still_be_reached() -> None:
    assert steps_to_hold(RULES, people("wood", "wood", "wood")) == (
        (Step("sector", "wood", "maximum", 2, 3), Step("sector", "steel", "minimum", 1, 0)),
        None,
    )
    assert steps_to_hold(RULES, people("wood", "wood"), more=1) == ((), None)


def test_moves_only_widen_and_survive_being_kept() -> None:
    steps = (Step("sector", "wood", "maximum", 2, 3), Step("municipality", "", "cap", 1, 2))
    narrow = (Step("sector", "wood", "maximum", 1, 2), Step("sector", "steel", "minimum", 0, 1))
    wide = moved(RULES, *from_data(as_data(steps, None, None)))
    assert (wide.quotas[0].maximum, wide.caps[0].at_most) == (3, 2)
    assert moved(wide, narrow, None) == wide
