"""A place that is given up goes to the first whose entry keeps all limits; else the organisers choose a relaxation."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samkraft.calls.models import CallState, Decision, DrawEvent, Outcome, Reply
from samkraft.calls.operations import decisions, replacements, replies
from samkraft.calls.queries import decisions as queries
from samkraft.calls.queries.decisions_limits import standing
from samkraft.calls.rules.decisions import held
from samkraft.engines.selection import Cap, Floor, Quota
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories import NOW
from ..factories_decisions import Drawn, drawn, quotas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = NOW + timedelta(days=1)
WOOD, STEEL = {"sector": "wood"}, {"sector": "steel"}


def announced(**what) -> Drawn:
    return drawn(state=CallState.ANNOUNCED, **what)


def two_and_two(**waiting: dict[str, str]) -> Drawn:
    """Four places, two at least and at most for each sector."""
    return announced(
        places={"ada": WOOD, "bo": WOOD, "cy": STEEL, "di": STEEL},
        waiting=waiting,
        limits=quotas("sector", wood=(2, 2), steel=(2, 2)),
    )


def decline(at: Drawn, name: str, now=LATER) -> None:
    replies.decline(decision=at[name], now=now)


def test_declined_place_goes_to_the_first_whose_entry_keeps_all_limits() -> None:
    at = two_and_two(eva=STEEL, finn=WOOD, gun=WOOD)

    decline(at, "ada")

    finn = at["finn"]
    assert at.outcomes() == {
        "ada": "place declined",
        "bo": "place none",
        "cy": "place none",
        "di": "place none",
        "eva": "waitlist none",
        "finn": "place none",
        "gun": "waitlist none",
    }
    assert (finn.offered_from_waitlist, finn.drawn_outcome, finn.offered_at) == (True, Outcome.WAITLIST, LATER)
    assert finn.answer_by.isoformat() == "2026-03-13T22:59:00+00:00"
    assert at["ada"].replaced_by == finn
    letter = OutboxMessage.objects.get(to_address=finn.application.email)
    assert (letter.kind, letter.subject) == ("calls.decision", f"You are offered a place: {at.call.title}")


def test_chain_of_four_declines_ends_with_an_empty_list_and_the_organiser_is_told() -> None:
    at = two_and_two(eva=STEEL, finn=WOOD, gun=WOOD)

    for name in ("ada", "finn", "cy", "gun"):
        decline(at, name)

    assert [at[name].outcome for name in ("finn", "gun", "eva")] == ["place"] * 3
    assert [at[name].replaced_by_id for name in ("ada", "finn", "cy", "gun")] == [
        at["finn"].pk,
        at["gun"].pk,
        at["eva"].pk,
        None,
    ]
    (told,) = OutboxMessage.objects.filter(kind="calls.work")
    assert told.to_address == at.organiser.email
    assert "Nobody is left on the waiting list." in told.text


def test_places_that_nobody_answered_for_are_one_mail_to_the_organisers_and_are_left_empty_together() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL)

    assert replies.expire(now=NOW + timedelta(days=11)) == 4

    (told,) = OutboxMessage.objects.filter(kind="calls.work")
    assert told.subject == f"2 free places wait for your decision: {at.call.title}"
    assert "2 places in" in told.text and "Nobody is left on the waiting list." in told.text
    free = list(queries.free_places(at.call))
    replacements.leave_all_empty(vacancy=free[-1], by=at.organiser, now=LATER)
    assert [list(queries.free_places(at.call)), DrawEvent.objects.filter(kind="left empty").count()] == [[], 2]
    assert OutboxMessage.objects.filter(kind="calls.work").count() == 1


def test_free_places_are_not_left_empty_together_while_somebody_waits() -> None:
    at = two_and_two(eva=STEEL)
    decline(at, "ada")
    with pytest.raises(Refused, match="one place at a time"):
        replacements.leave_all_empty(vacancy=at["ada"], by=at.organiser, now=LATER)
    assert len(queries.free_places(at.call)) == 1


def test_nobody_enters_when_a_limit_would_break_and_the_organisers_are_told_once() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL)

    decline(at, "ada")
    decline(at, "ada")

    assert [at[name].outcome for name in ("eva", "finn")] == ["waitlist", "waitlist"]
    (told,) = OutboxMessage.objects.filter(kind="calls.work")
    assert told.url.endswith(f"/calls/{at.call.slug}/decisions/replace/{at['ada'].pk}/")


def test_chosen_relaxation_lets_one_in_and_is_kept_in_words_and_steps() -> None:
    at = two_and_two(eva=STEEL)
    factories_calls.criterion(at.call, wood=(2, 2), steel=(2, 2))
    decline(at, "ada")

    replacements.give(vacancy=at["ada"], chosen=at["eva"], by=at.organiser, now=LATER)

    eva = at["eva"]
    words = (
        "At least 1 instead of 2 have “wood” (Sector of work), and at most 3 instead of 2 have “steel”"
        " (Sector of work)."
    )
    assert (eva.outcome, eva.relaxation, at["ada"].replaced_by_id) == ("place", words, eva.pk)
    assert eva.relaxed_limits == [
        {"feature": "sector", "value": "wood", "side": "minimum", "old": 2, "new": 1},
        {"feature": "sector", "value": "steel", "side": "maximum", "old": 2, "new": 3},
    ]
    event = DrawEvent.objects.get()
    assert (event.kind, event.text, event.by) == ("relaxation", words, at.organiser)


def test_later_entries_go_by_the_limits_as_they_were_relaxed() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL)
    decline(at, "ada")
    replacements.give(vacancy=at["ada"], chosen=at["eva"], by=at.organiser, now=LATER)

    decline(at, "cy")

    assert (at["finn"].outcome, at["finn"].relaxation, at["cy"].replaced_by_id) == ("place", "", at["finn"].pk)


def test_only_what_the_page_told_can_be_chosen() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL, gun=WOOD)
    decline(at, "ada")
    decline(at, "bo")

    assert at["gun"].outcome == "place"
    with pytest.raises(Refused, match="The waiting list has changed"):
        replacements.give(vacancy=at["bo"], chosen=at["finn"], by=at.organiser, now=LATER)
    with pytest.raises(Refused, match="is not free any more"):
        replacements.give(vacancy=at["ada"], chosen=at["eva"], by=at.organiser, now=LATER)


def test_place_left_empty_is_not_filled_later_and_what_it_leaves_short_is_not_asked_again() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL)
    decline(at, "ada")
    replacements.leave_empty(vacancy=at["ada"], by=at.organiser, now=LATER)

    decline(at, "cy")

    assert at["ada"].relaxation == "The place was left empty."
    assert at["ada"].relaxed_limits == [{"feature": "sector", "value": "wood", "side": "minimum", "old": 2, "new": 1}]
    assert (at["eva"].outcome, at["finn"].outcome) == ("place", "waitlist")
    assert at["cy"].replaced_by_id == at["eva"].pk


def test_two_free_places_are_filled_so_that_the_second_can_be_too() -> None:
    """Alone the first of the list could come in, but then nobody could after them."""
    green, red = {"sector": "wood", "town": "green"}, {"sector": "wood", "town": "red"}
    at = announced(
        places={"ada": green, "bo": red},
        waiting={"eva": green, "finn": {"sector": "steel", "town": "green"}, "gun": red},
        limits=quotas("sector", wood=(2, 2), steel=(0, 0)) + quotas("town", green=(1, 1), red=(1, 1)),
    )
    Decision.objects.filter(pk=at["ada"].pk).update(reply=Reply.DECLINED, replied_at=NOW)

    decline(at, "bo")

    assert at.names(standing(at.call).holding) == ["eva", "gun"]


def test_place_that_waits_for_a_decision_does_not_hold_up_those_after_it() -> None:
    at = two_and_two(eva=STEEL, finn=STEEL)
    decline(at, "ada")
    assert at["eva"].outcome == "waitlist"

    decline(at, "cy")

    assert (at["eva"].outcome, at["finn"].outcome) == ("place", "waitlist")
    now = standing(at.call)
    assert (len(now.free), [limit.count for limit in held(now.rules, now.people(now.holding))]) == (1, [1, 2])


def test_cap_of_a_municipality_passes_over_who_would_be_too_many() -> None:
    at = announced(
        places={"ada": {"municipality": "a"}, "bo": {"municipality": "b"}},
        waiting={"eva": {"municipality": "b"}, "finn": {"municipality": "c"}},
        caps=(Cap("municipality", 1),),
    )

    decline(at, "ada")

    assert (at["eva"].outcome, at["finn"].outcome) == ("waitlist", "place")


def test_floor_passes_over_who_would_lower_the_mean_and_is_relaxed_in_words() -> None:
    floor = Floor("merit", {"1": Fraction(2), "2": Fraction(4)}, Fraction(3))
    at = announced(places={"ada": {"merit": "2"}, "bo": {"merit": "1"}}, waiting={"eva": {"merit": "1"}}, floor=floor)

    decline(at, "ada")
    assert at["eva"].outcome == "waitlist"
    replacements.give(vacancy=at["ada"], chosen=at["eva"], by=at.organiser, now=LATER)

    assert at["eva"].relaxation == "The mean of the motivation is 2.00 instead of at least 3.00 points."
    assert standing(at.call).rules.floor.mean == 2


def test_answers_changed_after_the_draw_do_not_matter() -> None:
    at = two_and_two(eva=STEEL, finn=WOOD)
    application = at["eva"].application
    application.sector = "wood"
    application.save()

    decline(at, "ada")

    assert (at["eva"].outcome, at["finn"].outcome) == ("waitlist", "place")


def erase(at: Drawn, name: str) -> None:
    """What erasing leaves: no features, no name."""
    application = at[name].application
    replies.leave_by_erasure(application=application, now=LATER)
    at.draw.pool.filter(application=application).update(application=None, features={})
    application.erased_at, application.name = LATER, ""
    application.save()


def test_erased_place_goes_on_and_the_erased_are_never_offered_one() -> None:
    at = two_and_two(eva=WOOD, finn=WOOD, gun=WOOD)
    erase(at, "eva")

    erase(at, "ada")

    assert at.outcomes() | {"bo": "", "cy": "", "di": ""} == {
        "ada": "place declined",
        "bo": "",
        "cy": "",
        "di": "",
        "eva": "waitlist declined",
        "finn": "place none",
        "gun": "waitlist none",
    }
    assert not OutboxMessage.objects.filter(to_address=at["ada"].application.email).exists()


def test_place_erased_before_the_announcement_is_staged_for_the_next_and_nobody_is_told() -> None:
    at = drawn(places={"ada": WOOD}, waiting={"eva": WOOD}, limits=quotas("sector", wood=(1, 1)))

    erase(at, "ada")

    assert (at["eva"].outcome, at["eva"].offered_at, OutboxMessage.objects.count()) == ("place", None, 0)
    decisions.decide(call=at.call, by=at.organiser, now=LATER)
    decisions.announce(call=at.call, by=at.organiser, now=LATER)
    assert list(OutboxMessage.objects.values_list("to_address", flat=True)) == [at["eva"].application.email]


def test_limit_moved_by_a_change_before_the_announcement_is_not_asked_of_later_entries() -> None:
    at = drawn(
        places={"ada": WOOD, "bo": STEEL},
        waiting={"eva": STEEL, "finn": STEEL},
        limits=quotas("sector", wood=(1, 1), steel=(1, 1)),
    )
    decisions.change_outcome(decision=at["ada"], to="no", why="Applied twice.", by=at.organiser, now=NOW)
    decisions.change_outcome(decision=at["eva"], to="place", why="First in turn.", by=at.organiser, now=NOW)
    decisions.decide(call=at.call, by=at.organiser, now=NOW)
    decisions.announce(call=at.call, by=at.organiser, now=NOW)

    decline(at, "bo")

    assert at["finn"].outcome == "place"


VALUES = st.sampled_from(["wood", "steel", "glass"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seated=st.lists(VALUES, min_size=2, max_size=5), waiting=st.lists(VALUES, max_size=5), data=st.data())
def test_entry_from_the_list_never_breaks_a_limit(seated, waiting, data) -> None:
    limits = tuple(
        Quota(
            "sector",
            value,
            data.draw(st.integers(0, seated.count(value))),
            data.draw(st.integers(seated.count(value), len(seated))),
        )
        for value in ("wood", "steel", "glass")
    )
    at = announced(
        places={f"p{n}": {"sector": value} for n, value in enumerate(seated)},
        waiting={f"w{n}": {"sector": value} for n, value in enumerate(waiting)},
        limits=limits,
    )
    declining = data.draw(st.permutations(range(len(seated))))
    for number in declining[: data.draw(st.integers(1, len(seated)))]:
        decline(at, f"p{number}")
        now = standing(at.call)
        assert now.rules == now.drawn_by
        for limit in held(now.drawn_by, now.people(now.holding)):
            # A minimum can be short only of those whose places are still free.
            assert limit.minimum - len(now.free) <= limit.count <= limit.maximum


def test_two_who_decline_at_the_same_moment_free_two_places_and_nobody_gets_two(at_once) -> None:
    at = two_and_two(eva=WOOD, finn=STEEL, gun=WOOD)
    names = ["ada", "cy"]

    results = at_once(lambda number: replies.decline(decision=at[names[number]], now=LATER), 2)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert [at[name].outcome for name in ("eva", "finn", "gun")] == ["place", "place", "waitlist"]
    assert {at["ada"].replaced_by_id, at["cy"].replaced_by_id} == {at["eva"].pk, at["finn"].pk}
    now = standing(at.call)
    assert (len(now.holding), [limit.holds for limit in held(now.rules, now.people(now.holding))]) == (4, [True, True])
    assert OutboxMessage.objects.filter(subject__startswith="You are offered a place").count() == 2


def test_last_who_waits_is_offered_one_of_two_places_freed_at_once(at_once) -> None:
    at = announced(places={"ada": {}, "bo": {}}, waiting={"eva": {}})
    names = ["ada", "bo"]

    at_once(lambda number: replies.decline(decision=at[names[number]], now=LATER), 2)

    replaced = [at[name].replaced_by_id for name in names]
    assert sorted(replaced, key=lambda pk: pk is None) == [at["eva"].pk, None]
    assert at["eva"].reply == Reply.NONE
    assert OutboxMessage.objects.filter(kind="calls.work").count() == 1
