"""The long part of a draw: finding the lottery, telling how far it is, stopping, and going on after a crash.

A draw being computed belongs to one attempt, which leaves a beat every second. Where the beat stops, because the worker
was stopped or broke, a later attempt begins anew; the earlier one, should it still live, finds that it has lost the
draw and ends. After some attempts the draw has failed, with a sentence. So no draw is ever stuck.
"""

import dataclasses
import logging
import platform
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from samkraft.engines.selection import Cancelled, Lottery, NoPanel, lottery
from samkraft.engines.selection.draw import checks, commit_files, run_files
from samkraft.engines.selection.verify_draw import sha256
from samkraft.notices.operations import tell
from samkraft.records.operations import log_transition
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import CALL, DRAW, Call, CallState, Draw, DrawFile, DrawState, PoolMember, SeedKind
from ..queries.pool import candidates_of, pool_of_draw, rules_as_data, rules_from, rules_of_draw, tally, targets_of

logger = logging.getLogger("samkraft.calls")
Clock = Callable[[], datetime]

PANELS = 1000
MOST_ATTEMPTS = 3
SECONDS_BETWEEN_BEATS = 1.0
# A solver may work this long without asking whether it is to stop.
SILENT_FOR = timedelta(minutes=3)
PUBLIC_FILES = ("report.json", "panels.csv", "pool.csv")
KEPT_FILES = (*PUBLIC_FILES, "types.csv")
TWO_NUMBERS = "Two organisers enter a number each, unseen by the other; the first, a plus sign and the second."
CHANGED_MEANWHILE = gettext_lazy(
    "Applications, points or limits were changed while the draw was being prepared. Begin again."
)


class Lost(Exception):
    """The draw belongs to a later attempt, or is no longer to be computed."""


def compute(*, pk: int, clock: Clock) -> None:
    """Compute a draw that waits, or whose attempt has gone silent, and commit to it. Of others nothing is done."""
    draw = _taken(pk, clock())
    if draw is None:
        return
    language = draw.begun_by.language if draw.begun_by else settings.LANGUAGE_CODE
    with override(language):
        try:
            _compute(draw, clock)
        except Lost:
            return
        except Cancelled:
            _end(draw, DrawState.CANCELLED, "", clock())
        except NoPanel:
            _end(draw, DrawState.FAILED, _("The limits exclude each other: nobody can be chosen so."), clock())
        except Refused as refused:
            _end(draw, DrawState.FAILED, str(refused), clock())
        except Exception:
            logger.exception("The lottery of draw %s could not be computed.", draw.pk)
            sentence = _("Something broke while the draw was being prepared. Nothing was changed. Try again.")
            _end(draw, DrawState.FAILED, sentence, clock())
        except BaseException:
            # The worker is told to stop: the next one takes the draw up at once.
            _of_attempt(draw).update(results={**draw.results, "beat": ""})
            raise


def _taken(pk: int, now: datetime) -> Draw | None:
    """The draw, if it is now this attempt's to compute."""
    with transaction.atomic():
        draw = Draw.objects.select_for_update(of=["self"]).select_related("begun_by").filter(pk=pk).first()
        if draw is None or not (draw.state == DrawState.WAITING or is_silent(draw, now)):
            return None
        attempt = draw.results.get("attempt", 0) + 1
        if draw.state == DrawState.WAITING:
            log_transition(subject=draw, machine=DRAW, to=DrawState.COMPUTING, by=None, now=now)
        draw.results = {**draw.results, "attempt": attempt, "beat": now.isoformat()}
        draw.progress, draw.step = 0, ""
        draw.save(update_fields=["results", "progress", "step"])
        return draw


def is_silent(draw: Draw, now: datetime) -> bool:
    """Whether a draw is being computed by nobody any more."""
    if draw.state != DrawState.COMPUTING:
        return False
    beat = draw.results.get("beat", "")
    return not beat or datetime.fromisoformat(beat) < now - SILENT_FOR


def _of_attempt(draw: Draw) -> Any:
    """The draw's row, as long as it is this attempt's."""
    return Draw.objects.filter(pk=draw.pk, state=DrawState.COMPUTING, results__attempt=draw.results["attempt"])


class Heart:
    """Tells how far the work is, asks whether to stop, and keeps the draw alive: once a second at most."""

    def __init__(self, draw: Draw, clock: Clock) -> None:
        self.draw, self.clock = draw, clock
        self.step, self.progress = "", 0
        self._last: datetime | None = None

    def told(self, step: str, share: float) -> None:
        # Sums of decimals can fall a hair short of a whole per cent.
        self.step, self.progress = str(step), min(99, int(100 * share + 1e-9))
        self.beat()

    def asked(self) -> bool:
        return self.beat()

    def beat(self) -> bool:
        """Whether somebody wants the work to stop. Raises Lost."""
        now = self.clock()
        if self._last is not None and (now - self._last).total_seconds() < SECONDS_BETWEEN_BEATS:
            return False
        self._last = now
        self.draw.results = {**self.draw.results, "beat": now.isoformat()}
        rows = _of_attempt(self.draw)
        if not rows.update(results=self.draw.results, step=self.step, progress=self.progress):
            raise Lost
        return bool(rows.values_list("is_stopping", flat=True).first())


def _compute(draw: Draw, clock: Clock) -> None:
    heart = Heart(draw, clock)
    pool, rules = pool_of_draw(draw), rules_of_draw(draw)
    found = lottery(pool, rules, method=draw.method, panels=PANELS, progress=heart.told, cancelled=heart.asked)
    salts = dict(draw.pool.values_list("public_id", "salt"))
    source = draw.call.seed_source if draw.call.seed_kind == SeedKind.PUBLIC else TWO_NUMBERS
    files = commit_files(found, pool, rules, [salts[identity] for identity in pool.ids], versions(), seed_source=source)
    wrong = [check.sentence for check in checks(files) if not check.agrees]
    if wrong:
        raise RuntimeError(f"What was computed does not verify: {wrong[0]}")
    if draw.is_test:
        _finish_test(draw, found, files, clock())
    else:
        _commit(draw, found, files, clock())


def versions() -> dict[str, str]:
    """What the lottery was found with: another version of a solver may find another, as even, one."""
    packages = ("samkraft", "numpy", "scipy", "ortools")
    return {"python": platform.python_version()} | {package: version(package) for package in packages}


def _held(draw: Draw) -> tuple[Call, Draw]:
    """The call and the draw, held until the transaction ends, if the draw still is this attempt's."""
    call = Call.objects.select_for_update().get(pk=draw.call_id)
    current = _of_attempt(draw).select_for_update().first()
    if current is None:
        raise Lost
    if current.is_stopping:
        raise Cancelled
    current.results = draw.results
    return call, current


@transaction.atomic
def _commit(draw: Draw, found: Lottery, files: dict[str, bytes], now: datetime) -> None:
    """Write the lottery down: from here on it is public, and only the number is missing."""
    call, current = _held(draw)
    _check_unchanged(call, current)
    for name in KEPT_FILES:
        DrawFile.objects.create(
            draw=current,
            name=name,
            content=files[name],
            sha256=sha256(files[name]),
            is_public=name in PUBLIC_FILES,
        )
    _tell_members(current, found)
    current.results = {**_results(current, found, files), "leaf_columns": list(found.table.columns)}
    current.progress, current.step, current.committed_at = 100, "", now
    current.save(update_fields=["results", "progress", "step", "committed_at"])
    log_transition(subject=current, machine=DRAW, to=DrawState.COMMITTED, by=None, now=now)
    log_transition(subject=call, machine=CALL, to=CallState.COMMITTED, by=None, now=now)
    _tell(current, gettext_lazy("The draw is ready, and its commitment is public"), now)
    changed(call.tag, "calls")


def _check_unchanged(call: Call, draw: Draw) -> None:
    """What is committed to has to be what stands in the applications and limits now."""
    if call.state not in {CallState.CLOSED, CallState.IN_REVIEW}:
        raise Refused(CHANGED_MEANWHILE)
    candidates = candidates_of(call)
    targets = targets_of(call, candidates.features)
    now_in = {pk: candidates.values[pk] for pk in candidates.taking_part(targets)}
    then_in = dict(draw.pool.values_list("application_id", "features"))
    if now_in != then_in or rules_as_data(rules_from(candidates, targets)) != draw.limits["rules"]:
        raise Refused(CHANGED_MEANWHILE)


def _tell_members(draw: Draw, found: Lottery) -> None:
    """Each member's type and chances."""
    members = {member.public_id: member for member in draw.pool.all()}
    optimal, drawn = found.optimal.tolist(), found.drawn.tolist()
    for identity, kind in zip(pool_of_draw(draw).ids, found.table.type_of.tolist(), strict=True):
        member = members[identity]
        member.type_number, member.optimal, member.drawn = kind, optimal[kind], drawn[kind]
    PoolMember.objects.bulk_update(members.values(), ["type_number", "optimal", "drawn"], batch_size=500)


def _results(draw: Draw, found: Lottery, files: dict[str, bytes]) -> dict[str, Any]:
    """What is told of the lottery: chances, digests, and how many have each value in the pool."""
    people = found.table.counts.tolist()
    drawn = found.drawn.tolist()
    features = [feature["key"] for feature in draw.limits["features"]]
    return {
        **{key: value for key, value in draw.results.items() if key in {"counts", "attempt"}},
        **dataclasses.asdict(found.report),
        "least": min(drawn),
        "most": max(drawn),
        "panels": len(found.panels),
        "panels_sha256": sha256(files["panels.csv"]),
        "pool_digest": sha256(files["pool.csv"]),
        "report_sha256": sha256(files["report.json"]),
        "pool": tally(draw.pool.values_list("features", flat=True), features),
        "smallest_type": min(people),
    }


@transaction.atomic
def _finish_test(draw: Draw, found: Lottery, files: dict[str, bytes], now: datetime) -> None:
    """Draw at once with a random number, keep what came of it in sum, and forget who would have been chosen."""
    _call, current = _held(draw)
    current.seed = secrets.token_hex(8)
    drawn = drawn_ids(run_files(files, current.seed))
    features = [feature["key"] for feature in current.limits["features"]]
    chosen = current.pool.filter(public_id__in=drawn).values_list("features", flat=True)
    current.results = {**_results(current, found, files), "chosen": tally(chosen, features)}
    current.progress, current.step, current.committed_at, current.drawn_at = 100, "", now, now
    current.save(update_fields=["seed", "results", "progress", "step", "committed_at", "drawn_at"])
    current.pool.all().delete()
    log_transition(subject=current, machine=DRAW, to=DrawState.COMMITTED, by=None, now=now)
    log_transition(subject=current, machine=DRAW, to=DrawState.DRAWN, by=current.begun_by, now=now)


def drawn_ids(files: dict[str, bytes]) -> set[str]:
    """Who stands in drawn.csv."""
    return {line.split(",")[0] for line in files["drawn.csv"].decode().splitlines()[1:]}


def _end(draw: Draw, state: str, why: str, now: datetime) -> None:
    """Failed or stopped. Nothing of the computation is kept, and nobody's features are."""
    with transaction.atomic():
        current = _of_attempt(draw).select_for_update().first()
        if current is None:
            return
        end(current, state, why, now)


def end(draw: Draw, state: str, why: str, now: datetime) -> None:
    """End a draw that is held, and tell who began it when it has failed."""
    draw.why, draw.step = why, ""
    draw.save(update_fields=["why", "step"])
    log_transition(subject=draw, machine=DRAW, to=state, by=None, now=now, why=why)
    draw.pool.all().delete()
    if state == DrawState.FAILED and not draw.is_test:
        _tell(draw, gettext_lazy("The draw could not be prepared"), now, why)


def _tell(draw: Draw, subject: Any, now: datetime, why: str = "") -> None:
    if draw.begun_by is None:
        return
    tell(
        to=draw.begun_by,
        kind="calls.work",
        subject=subject,
        text=f"{draw.call.title}\n\n{why}".strip(),
        url=reverse_lazy("calls:selection", args=[draw.call.slug]),
        now=now,
        dedupe_key=f"draw {draw.pk} {draw.state}",
    )
