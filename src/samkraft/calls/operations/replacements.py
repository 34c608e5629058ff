"""Who takes a place that was given up: the first on the waiting list whose entry keeps all limits, or nobody yet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused

from ..models import TOLD_STATES, Call, CallState, Decision, DrawEvent, Outcome
from ..queries.decisions_letters import Wording, wordings
from ..queries.decisions_limits import Standing, standing
from ..queries.decisions_words import by_key, sentence, steps
from ..queries.features import features_of
from ..rules.decisions import answer_by, as_data, steps_to_hold
from . import decisions_telling as telling

LONGEST = 500


def locked_call(pk: int) -> Call:
    """The call, on which everybody who moves its places waits for one another."""
    Call.objects.select_for_update().only("pk").get(pk=pk)
    return Call.objects.select_related("area", "actor", "created_by").defer("area__outline").get(pk=pk)


def fill(*, call: Call, now: datetime) -> list[Decision]:
    """Give every free place to who can take it, inside the caller's transaction, with the call locked.

    Before the announcement the entry is staged like every other outcome; after it, the letter is sent at once.
    Where nobody can enter, the organisers are told, each free place once. Returns who entered.
    """
    found = standing(call)
    entered: list[Decision] = []
    while found is not None and found.free and found.waiting:
        entry = found.next_entry().entry
        if entry is None:
            break
        entered.append(_enter(found, found.waiter(entry), now))
    if found is not None and call.state in TOLD_STATES:
        telling.tell_free_places(call=call, vacancies=found.free, nobody_waits=not found.waiting, now=now)
    return entered


def _enter(found: Standing, decision: Decision, now: datetime) -> Decision:
    call = decision.call = found.call
    vacancy = found.enter(decision)
    decision.outcome = Outcome.PLACE
    decision.offered_from_waitlist = True
    if call.state in TOLD_STATES:
        _offer(decision, wordings(call), now)
    decision.save()
    vacancy.replaced_by = decision
    vacancy.save(update_fields=["replaced_by"])
    return decision


def _offer(decision: Decision, letters: dict[tuple[str, str], Wording], now: datetime) -> None:
    decision.offered_at = now
    decision.answer_by = answer_by(now, decision.call.answer_days, decision.call.time_zone)
    telling.send_letter(decision=decision, wordings=letters, position=None, now=now, key="from the waiting list")


def _to_decide(vacancy: Decision) -> Standing:
    """How things stand, with the vacancy first among the free places, under lock. Raises Refused if it is none."""
    call = locked_call(vacancy.call_id)
    if call.state != CallState.ANNOUNCED:
        raise Refused(_("Places are given again only while the call is announced and not archived."))
    found = standing(call)
    place = next((row for row in found.free if row.pk == vacancy.pk), None) if found is not None else None
    if found is None or place is None:
        raise Refused(_("This place is not free any more. Look at the decisions again."))
    found.free.sort(key=lambda row: row.pk != vacancy.pk)
    return found


@transaction.atomic
def give(*, vacancy: Decision, chosen: Decision, by: User, now: datetime) -> Decision:
    """Give a free place to somebody from the list, with the limits moved as the page told. Raises Refused.

    Only what was told there can be chosen: the first who can enter with all limits kept, or, where nobody can, the
    first of those for whom the same limits would have to move.
    """
    found = _to_decide(vacancy)
    answer = found.next_entry() if found.waiting else None
    told = () if answer is None else (answer.entry,) if answer.entry is not None else answer.relaxations
    entry = next((entry for entry in told if found.waiter(entry).pk == chosen.pk), None)
    if entry is None:
        raise Refused(_("The waiting list has changed in the meantime. Look at the choices again."))
    decision = found.waiter(entry)
    if not entry.possible:
        floor = found.rules.floor.mean if found.rules.floor else None
        words = steps(entry.steps, entry.mean, by_key(features_of(found.call)), floor)
        decision.relaxation = sentence(words)[:LONGEST]
        decision.relaxed_limits = as_data(entry.steps, entry.mean, floor)
        DrawEvent.objects.create(draw_id=decision.draw_id, kind="relaxation", text=decision.relaxation, by=by, at=now)
    entered = _enter(found, decision, now)
    fill(call=found.call, now=now)
    return entered


@transaction.atomic
def leave_empty(*, vacancy: Decision, by: User, now: datetime) -> Decision:
    """Let a place stay empty. What the people left cannot keep without it is not asked of later entries."""
    found = _to_decide(vacancy)
    place = found.free[0]
    floor = found.rules.floor.mean if found.rules.floor else None
    moves, mean = steps_to_hold(found.rules, found.people(found.holding), more=len(found.free) - 1)
    place.relaxation = _("The place was left empty.")
    place.relaxed_limits = as_data(moves, mean, floor)
    place.save(update_fields=["relaxation", "relaxed_limits"])
    DrawEvent.objects.create(draw_id=place.draw_id, kind="left empty", text=place.relaxation, by=by, at=now)
    fill(call=found.call, now=now)
    return place


@transaction.atomic
def leave_all_empty(*, vacancy: Decision, by: User, now: datetime) -> list[Decision]:
    """Let every free place stay empty, this one first; only once nobody waits any more. Raises Refused."""
    found = _to_decide(vacancy)
    if found.waiting:
        raise Refused(_("Somebody waits for a place. Decide about one place at a time."))
    return [leave_empty(vacancy=place, by=by, now=now) for place in found.free]
