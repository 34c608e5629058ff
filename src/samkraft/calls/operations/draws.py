"""A draw from the press of a button to its outcome: begun, stopped, taken back, its number entered, drawn."""

import secrets
from datetime import datetime, timedelta

import rules
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from samkraft.engines.selection import problems
from samkraft.engines.selection.draw import SeedError, normal_seed, run_files
from samkraft.engines.selection.verify_draw import sha256
from samkraft.people.models import User
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import (
    CALL,
    DRAW,
    Application,
    ApplicationState,
    Call,
    CallState,
    Decision,
    Draw,
    DrawEvent,
    DrawFile,
    DrawState,
    Outcome,
    PoolMember,
    Reply,
    SeedEntry,
    SeedKind,
)
from ..queries import people
from ..queries.draws import limits_as_data
from ..queries.pool import Candidates, Targets, candidates_of, missing, pool_from, rules_from, tally, targets_of
from ..queries.selection_words import Words
from ..tasks import compute_draw
from . import draws_computing as computing

READY_STATES = (CallState.CLOSED, CallState.IN_REVIEW)
TEST_STATES = (CallState.OPEN, *READY_STATES)
MOST_TESTS = 20
LONGEST_NUMBER = 120
SALT_BYTES = 16
JOINED = "{first}+{second}"
KEPT_TASKS = timedelta(days=30)
NOBODY_STANDING = gettext_lazy("There is no draw that waits for a number.")


# --- Begin and stop -------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, call: Call, is_test: bool = False, by: User, now: datetime) -> Draw:
    """Hand a draw over to the worker, with the pool and the limits as they stand now.

    Of two people who press at the same moment one begins, and the other is told. Raises Refused, also with the first
    thing that is wrong with the limits.
    """
    current = _locked(call, by)
    if current.state not in (TEST_STATES if is_test else READY_STATES):
        raise Refused(
            _("A test draw can be made between the opening of the call and the commitment.")
            if is_test
            else _("The draw can be prepared when the call is closed and until it is committed to.")
        )
    if not is_test and current.draws.standing().exists():
        raise Refused(_("The draw is already being prepared. Somebody may have pressed just before you."))
    if not is_test and people.lacks_second(current, by):
        raise Refused(_("Two people have to enter a number each, and you are the only organiser. Invite one more."))
    candidates = candidates_of(current)
    targets = targets_of(current, candidates.features)
    _check(candidates, targets, is_test)
    members = candidates.taking_part(targets)
    draw = Draw.objects.create(
        call=current,
        is_test=is_test,
        seats=targets.seats,
        limits=limits_as_data(candidates, targets),
        results={"counts": _counts(candidates, targets)},
        begun_by=by,
        begun_at=now,
    )
    PoolMember.objects.bulk_create(
        [
            PoolMember(
                draw=draw,
                application_id=pk,
                public_id=identity,
                salt=secrets.token_hex(SALT_BYTES),
                features=candidates.values[pk],
            )
            for pk, identity in zip(members, _random_ids(len(members)), strict=True)
        ]
    )
    if is_test:
        _drop_old_tests(current)
    compute_draw.enqueue(draw.pk)
    return draw


def _locked(call: Call, by: User) -> Call:
    if not rules.test_rule("calls.organises", by, call):
        raise Refused(_("Only those who run the call can do this."))
    return Call.objects.select_for_update().get(pk=call.pk)


def _check(candidates: Candidates, targets: Targets, is_test: bool) -> None:
    """Refuse what cannot be drawn from, told from counts alone; whether whole people fit is found by the worker."""
    lacks = missing(candidates, targets)
    if lacks and not is_test:
        raise Refused(lacks[0])
    if not candidates.taking_part(targets):
        raise Refused(_("Nobody takes part yet."))
    found = problems(pool_from(candidates, targets), rules_from(candidates, targets))
    if found:
        raise Refused(Words(candidates.features).problem(found[0]))


def _counts(candidates: Candidates, targets: Targets) -> dict[str, int]:
    return {
        "applied": len(candidates) + candidates.excluded,
        "excluded": candidates.excluded,
        "below": candidates.below(targets),
        "taking_part": len(candidates.taking_part(targets)),
    }


def _random_ids(number: int) -> list[str]:
    """Ids that tell nothing of anybody, each once."""
    found: dict[str, None] = {}
    while len(found) < number:
        found[secrets.token_hex(6)] = None
    return list(found)


def _drop_old_tests(call: Call) -> None:
    kept = call.draws.filter(is_test=True).values_list("pk", flat=True)[:MOST_TESTS]
    call.draws.filter(is_test=True, state__in=DRAW.final).exclude(pk__in=list(kept)).delete()


@transaction.atomic
def stop(*, draw: Draw, by: User, now: datetime) -> Draw:
    """Stop a draw that is not ready yet. One that is being computed ends within a second or two. Raises Refused."""
    _locked(draw.call, by)
    current = Draw.objects.select_for_update().get(pk=draw.pk)
    if current.state == DrawState.WAITING:
        computing.end(current, DrawState.CANCELLED, "", now)
    elif current.state == DrawState.COMPUTING:
        current.is_stopping = True
        current.save(update_fields=["is_stopping"])
        if computing.is_silent(current, now):
            computing.end(current, DrawState.CANCELLED, "", now)
    else:
        raise Refused(_("The draw is ready, so there is nothing left to stop."))
    return current


@transaction.atomic
def take_back(*, draw: Draw, why: str, by: User, now: datetime) -> Draw:
    """Take a commitment back before the number is known; the reason stands in the public report. Raises Refused."""
    call = _locked(draw.call, by)
    current = Draw.objects.select_for_update().get(pk=draw.pk)
    if current.state == DrawState.DRAWN:
        raise Refused(_("The number is known, and the draw is made. It cannot be taken back any more."))
    if current.state != DrawState.COMMITTED or current.is_test:
        raise Refused(_("There is no commitment to take back."))
    if not why.strip():
        raise Refused(_("Write the reason. It stands in the public report."))
    current.why = why.strip()
    current.save(update_fields=["why"])
    log_transition(subject=current, machine=DRAW, to=DrawState.WITHDRAWN, by=by, now=now, why=why.strip())
    log_transition(subject=call, machine=CALL, to=CallState.CLOSED, by=by, now=now, why=why.strip())
    changed(call.tag, "calls")
    return current


# --- The number -----------------------------------------------------------------------------------------------------


def enter_public_number(*, draw: Draw, number: str, url: str, by: User, now: datetime) -> Draw:
    """Draw with the public number. Another number, once it is drawn, is refused and kept in the log. Raises Refused."""
    with transaction.atomic():
        call = _locked(draw.call, by)
        current = Draw.objects.select_for_update().get(pk=draw.pk)
        seed = _checked(number)
        refused = _why_no_number(current, seed, by, now)
        if not refused and call.seed_kind != SeedKind.PUBLIC:
            refused = _("In this call two people enter a number each.")
        if not refused:
            _draw(call, current, seed, url, by, now)
    # The log of what was refused is kept, so it is refused outside the transaction.
    if refused:
        raise Refused(refused)
    return current


def enter_own_number(*, draw: Draw, number: str, by: User, now: datetime) -> Draw:
    """Enter one of the two numbers; with the second one the draw is made. Raises Refused.

    Neither of the two sees the other's number before both are in. The seed is the first, a plus sign, the second.
    """
    with transaction.atomic():
        call = _locked(draw.call, by)
        current = Draw.objects.select_for_update().get(pk=draw.pk)
        text = _checked(number)
        entries = list(SeedEntry.objects.filter(draw=current))
        refused = _why_no_number(current, text, by, now)
        if not refused and call.seed_kind != SeedKind.TWO_PEOPLE:
            refused = _("In this call a public number is entered.")
        if not refused and any(entry.by_id == by.pk for entry in entries):
            _event(current, "second_number_of_one", "", by, now)
            refused = _("You have entered your number. The other one has to come from somebody else.")
        if not refused:
            SeedEntry.objects.create(draw=current, by=by, text=text, at=now)
            if entries:
                _draw(call, current, JOINED.format(first=entries[0].text, second=text), "", by, now)
    if refused:
        raise Refused(refused)
    return current


def _checked(number: str) -> str:
    try:
        seed = normal_seed(number)
    except SeedError:
        raise Refused(_("Enter the number as it can be seen, without signs that cannot.")) from None
    if len(seed) > LONGEST_NUMBER:
        raise Refused(_("A number has at most %(most)s signs.") % {"most": LONGEST_NUMBER})
    return seed


def _why_no_number(draw: Draw, seed: str, by: User, now: datetime) -> str:
    """Why no number can be entered now. An attempt to change one is kept."""
    if draw.state == DrawState.DRAWN and not draw.is_test:
        if seed == draw.seed:
            _event(draw, "pressed_again", "", by, now)
            return _("It is already drawn with this number. Somebody may have pressed just before you.")
        _event(draw, "number_refused", seed, by, now)
        return _("It is already drawn with another number, which cannot be changed. Your attempt is kept in the log.")
    if draw.state != DrawState.COMMITTED or draw.is_test:
        return str(NOBODY_STANDING)
    return ""


def _event(draw: Draw, kind: str, text: str, by: User, now: datetime) -> None:
    DrawEvent.objects.create(draw=draw, kind=kind, text=text, by=by, at=now)


# --- The outcome ----------------------------------------------------------------------------------------------------


def _draw(call: Call, draw: Draw, seed: str, url: str, by: User, now: datetime) -> None:
    """Everything that follows from the commitment and the number, written once and never changed."""
    kept = list(draw.files.all())
    if any(sha256(bytes(file.content)) != file.sha256 for file in kept):
        raise Refused(_("A file of the commitment is not what it was. Nothing is drawn. Write to the stewards."))
    files = run_files({file.name: bytes(file.content) for file in kept}, seed)
    for name, content in files.items():
        DrawFile.objects.create(draw=draw, name=name, content=content, sha256=sha256(content), is_public=True)
    drawn = computing.drawn_ids(files)
    features = [feature["key"] for feature in draw.limits["features"]]
    # Of who is erased the features are gone: nothing is counted for them.
    chosen = draw.pool.filter(public_id__in=drawn).exclude(features={}).values_list("features", flat=True)
    draw.seed, draw.seed_url, draw.drawn_at = seed, url, now
    draw.results = {**draw.results, "chosen": tally(chosen, features)}
    draw.save(update_fields=["seed", "seed_url", "drawn_at", "results"])
    _decide(call, draw, drawn, _waiting_ids(files), now)
    log_transition(subject=draw, machine=DRAW, to=DrawState.DRAWN, by=by, now=now)
    log_transition(subject=call, machine=CALL, to=CallState.DRAWN, by=by, now=now)
    changed(call.tag, "calls")


def _waiting_ids(files: dict[str, bytes]) -> list[str]:
    """Who waits, in order, by their public ids."""
    return [line.split(",")[1] for line in files["waitlist.csv"].decode().splitlines()[1:]]


def _decide(call: Call, draw: Draw, drawn: set[str], waiting: list[str], now: datetime) -> None:
    """What the draw says of every application: those of the pool, and no place for those that did not take part.

    Who has withdrawn after the commitment, or is erased, has declined, whatever the draw says: nobody else's chance
    changes, and the place goes to the waiting list.
    """
    positions = {identity: number for number, identity in enumerate(waiting, 1)}
    members = list(draw.pool.select_related("application").order_by("pk"))
    # Which of the ids was whose is not known of those who are erased, and makes no difference: all have declined.
    erased = Application.objects.in_call(call).filter(erased_at__gte=draw.begun_at).order_by("pk")
    nameless = iter(erased.exclude(pk__in=[member.application_id for member in members if member.application_id]))
    rows: list[Decision] = []
    for member in members:
        application = member.application or next(nameless, None)
        if application is None:
            continue
        outcome = Outcome.PLACE if member.public_id in drawn else Outcome.WAITLIST
        is_gone = application.state != ApplicationState.SUBMITTED or application.erased_at is not None
        rows.append(
            Decision(
                call=call,
                draw=draw,
                application=application,
                drawn_outcome=outcome,
                outcome=outcome,
                position=positions.get(member.public_id),
                reply=Reply.DECLINED if is_gone else Reply.NONE,
                replied_at=now if is_gone else None,
            )
        )
    others = Application.objects.in_call(call).real().exclude(pk__in=[row.application_id for row in rows])
    not_chosen = {"drawn_outcome": Outcome.NO, "outcome": Outcome.NO}
    rows.extend(
        Decision(call=call, draw=draw, application=application, **not_chosen)
        for application in others.filter(state__in=[ApplicationState.SUBMITTED, ApplicationState.EXCLUDED])
    )
    Decision.objects.bulk_create(rows)


# --- What the worker and others do ----------------------------------------------------------------------------------


def take_up(*, now: datetime) -> int:
    """Hand over again what nobody computes any more; after some attempts it has failed. Returns how many."""
    found = 0
    for draw in Draw.objects.filter(state__in=[DrawState.WAITING, DrawState.COMPUTING]).order_by("pk"):
        with transaction.atomic():
            current = Draw.objects.select_for_update().get(pk=draw.pk)
            if not _is_left(current, now):
                continue
            found += 1
            if current.results.get("attempt", 0) >= computing.MOST_ATTEMPTS:
                sentence = _("Something broke each time the draw was prepared. Write to those who look after the site.")
                computing.end(current, DrawState.FAILED, sentence, now)
            else:
                _tasks_of(current).delete()
                compute_draw.enqueue(current.pk)
    return found


def _is_left(draw: Draw, now: datetime) -> bool:
    """Whether a draw waits in no queue and is computed by nobody."""
    if draw.state == DrawState.COMPUTING:
        return computing.is_silent(draw, now) and not _tasks_of(draw).filter(status="READY").exists()
    return draw.state == DrawState.WAITING and not _tasks_of(draw).filter(status__in=["READY", "RUNNING"]).exists()


def _tasks_of(draw: Draw) -> models.QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(task_path=compute_draw.module_path, args_kwargs__args=[draw.pk])


def forget_tasks(*, now: datetime) -> int:
    """Delete what the queue remembers of work that is long done. Returns how many."""
    return DBTaskResult.objects.filter(enqueued_at__lt=now - KEPT_TASKS).exclude(status="READY").delete()[0]
