"""The public report of a selection: what anyone may know, and when.

State by state: before the commitment there is nothing but commitments that were taken back. From the commitment on
everybody sees the limits, how many take part, the digests, and where the number comes from. The number and who was
drawn, by random ids, are public when the decisions are announced: with the number anyone could draw, and applicants
are to hear from the organiser first. Then the report also tells in sum who was chosen.

Figures are told for each value of a feature by itself, never for two features together, and those of small groups are
withheld (`rules.small_groups`): what is told of a value that one or two applicants have would be told of them.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from samkraft.engines.selection import verify_draw
from samkraft.engines.selection.draw import COMMITTED, DRAWN, checks
from samkraft.places.parts import part_by_county
from samkraft.records.models import TransitionLog
from samkraft.ui import numbers

from ..drawings import MixRow, mix
from ..models import (
    DRAW,
    TOLD_STATES,
    Call,
    Decision,
    Draw,
    DrawFile,
    DrawState,
    FeatureSource,
    ManualChange,
    Outcome,
    Reply,
)
from ..rules.small_groups import FEWEST, Telling
from ..rules.small_outcomes import outcome_tellings, tellings_within
from .draws import KeptFeature, KeptValue, features_of_draw, limits_in_words
from .features import features_of
from .limits_log import Changed, changes_of
from .selection import WORTH_NAMING, standing_draw
from .selection_words import in_hundred

SCRIPT = Path(verify_draw.__file__)
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "py": "text/x-python; charset=utf-8"}
# The same bytes whenever it is put together; before 1980 the format has no times.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PublicFile:
    name: str
    sha256: str
    url: str


@dataclass(frozen=True)
class ValueTold:
    """What is told of one value, each a text; a dash where nothing is."""

    word: str
    limit: str
    pool: str
    chosen: str


@dataclass(frozen=True)
class FeatureTold:
    """One feature with a sentence and a picture of its values, and the same as a table."""

    key: str
    label: str
    sentence: str
    picture: Any
    values: list[ValueTold]


@dataclass(frozen=True)
class TakenBack:
    """A commitment that was taken back before the number was known."""

    committed_at: datetime | None
    at: datetime | None
    why: str


@dataclass(frozen=True)
class AfterTheDraw:
    """What people did after the draw: changes with their reasons, and places that others took over."""

    changes: list[ManualChange]
    accepted: int
    declined: int
    from_waitlist: int
    relaxations: list[str]


@dataclass(frozen=True)
class Report:
    """Everything that the report shows at its stage: "before", "committed", "drawn" or "announced"."""

    stage: str
    draw: Draw | None
    counts: dict[str, int]
    limits: list[str]
    files: list[PublicFile]
    chances: dict[str, str]
    features: list[FeatureTold]
    after: AfterTheDraw | None
    changed: list[Changed]
    taken_back: list[TakenBack]
    seed: str
    seed_url: str


def report_of(call: Call) -> Report:
    draw = committed_draw(call)
    stage = _stage(call, draw)
    is_told = stage == "announced"
    return Report(
        stage=stage,
        draw=draw,
        counts=draw.results.get("counts", {}) if draw else {},
        limits=limits_in_words(draw) if draw else [],
        files=public_files(call, draw) if draw else [],
        chances=_chances(draw) if draw else {},
        features=told_features(draw) if draw and is_told else [],
        after=_after(call) if is_told else None,
        changed=changes_of(call, features_of(call)) if draw else [],
        taken_back=_taken_back(call),
        seed=draw.seed if draw and is_told else "",
        seed_url=draw.seed_url if draw and is_told else "",
    )


def committed_draw(call: Call) -> Draw | None:
    """The draw whose commitment is public."""
    draw = standing_draw(call)
    return draw if draw is not None and draw.state in {DrawState.COMMITTED, DrawState.DRAWN} else None


def _stage(call: Call, draw: Draw | None) -> str:
    if draw is None:
        return "before"
    if draw.state == DrawState.COMMITTED:
        return "committed"
    return "announced" if call.state in TOLD_STATES else "drawn"


def _chances(draw: Draw) -> dict[str, str]:
    results = draw.results
    return {
        "least": in_hundred(results["least"]),
        "mean": in_hundred(results["seats"] / results["people"]),
        "most": in_hundred(results["most"]),
        "is_same": "yes" if results["most"] - results["least"] < WORTH_NAMING else "",
        "is_best": "yes" if results["proven"] else "",
    }


# --- Files ----------------------------------------------------------------------------------------------------------


def public_names(call: Call) -> tuple[str, ...]:
    """The files that anyone may have now."""
    return (*COMMITTED, *DRAWN) if call.state in TOLD_STATES else COMMITTED


def public_files(call: Call, draw: Draw) -> list[PublicFile]:
    rows = draw.files.filter(is_public=True, name__in=public_names(call)).values_list("name", "sha256")
    return [
        PublicFile(name, digest, reverse("calls:report_file", args=[call.slug, *name.split(".")]))
        for name, digest in rows
    ]


def public_file(call: Call, name: str) -> bytes | None:
    """The content of a public file, or of the script that checks them; None when there is none of that name."""
    draw = committed_draw(call)
    if draw is None:
        return None
    if name == SCRIPT.name:
        return SCRIPT.read_bytes()
    if name not in public_names(call):
        return None
    found = DrawFile.objects.filter(draw=draw, name=name, is_public=True).first()
    return bytes(found.content) if found else None


def contents(call: Call, draw: Draw) -> dict[str, bytes]:
    """All public files by name."""
    rows = draw.files.filter(is_public=True, name__in=public_names(call))
    return {row.name: bytes(row.content) for row in rows}


def zipped(call: Call, draw: Draw) -> bytes:
    """All public files and the script, in one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*contents(call, draw).items(), (SCRIPT.name, SCRIPT.read_bytes())]:
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass(frozen=True)
class Checked:
    """What the script says of the files as they are now, sentence by sentence in its own English."""

    sentences: list[tuple[bool, str]]

    @property
    def agrees(self) -> bool:
        return bool(self.sentences) and all(agrees for agrees, _sentence in self.sentences)


def checked(call: Call, draw: Draw) -> Checked:
    """Redo the draw from its files, with those that are not public too as far as that tells nothing of outcomes.

    Each file also has to be the one whose digest was kept when it was written.
    """
    names = [*public_names(call), "types.csv"]
    rows = list(draw.files.filter(name__in=names))
    found = [
        (verify_draw.sha256(bytes(row.content)) == row.sha256, f"{row.name} has the digest that was kept.")
        for row in rows
    ]
    try:
        found += [(check.agrees, check.sentence) for check in checks({row.name: bytes(row.content) for row in rows})]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found.append((False, f"A file cannot be read: {error}."))
    return Checked(found)


# --- Figures --------------------------------------------------------------------------------------------------------


def told_features(draw: Draw, *, is_internal: bool = False) -> list[FeatureTold]:
    """Each feature's values in the pool and among the chosen. `is_internal`: for those who run the call, all of it."""
    known = features_of_draw(draw)
    seats, people = draw.seats, draw.results["people"]
    highest = max((_reach(value, seats, people) for feature in known for value in feature.values), default=1.0)
    how = _tellings(known, is_internal)
    return [_told(feature, how[feature.key], seats, people, highest) for feature in known]


def _tellings(known: Sequence[KeptFeature], is_internal: bool) -> dict[str, dict[str, Telling]]:
    """How the figures of each feature are told. A county lies in a part of the country: they are told together."""
    counts = {feature.key: {value.value: value.pool for value in feature.values} for feature in known}
    if is_internal:
        return {key: dict.fromkeys(values, Telling.AS_IT_IS) for key, values in counts.items()}
    chosen = {feature.key: {value.value: value.chosen or 0 for value in feature.values} for feature in known}
    how = {key: outcome_tellings(counts[key], chosen[key]) for key in counts}
    county, part = FeatureSource.COUNTY.value, FeatureSource.PART.value
    if county in counts and part in counts:
        how[county], how[part] = tellings_within(
            counts[county], chosen[county], counts[part], chosen[part], part_by_county()
        )
    return how


def _reach(value: KeptValue, seats: int, people: int) -> float:
    return max(value.chosen or 0, value.maximum or 0, value.minimum, seats * value.pool / people, 1)


def _told(feature: KeptFeature, how: dict[str, Telling], seats: int, people: int, highest: float) -> FeatureTold:
    shown = [value for value in feature.values if not _is_empty(value, how[value.value])] or feature.values
    rows = [_row(value, how[value.value], seats, people) for value in shown]
    picture = mix(
        name=f"mix-{feature.key}",
        title=_("%(feature)s: how many were chosen, of how many who took part, and the limits")
        % {"feature": feature.label},
        description=" ".join(f"{row.word}: {row.told}." for row in rows),
        rows=rows,
        highest=min(highest, seats),
    )
    values = [_value(value, how[value.value]) for value in feature.values]
    return FeatureTold(feature.key, feature.label, _sentence(feature, how), picture, values)


def _is_empty(value: KeptValue, how: Telling) -> bool:
    """Nobody has it and no limit is on it, and that may be told: a row of the picture that would show nothing."""
    return how == Telling.AS_IT_IS and not value.pool and not value.is_limited


def _sentence(feature: KeptFeature, how: dict[str, Telling]) -> str:
    """What the picture shows first: how it went for the largest group, and whether a limit held it back."""
    told = [value for value in feature.values if how[value.value] == Telling.AS_IT_IS and value.pool]
    most = max(told, key=lambda value: value.pool, default=None)
    if most is None or most.chosen is None:
        return ""
    words = {"value": most.word, "pool": numbers.number(most.pool), "chosen": numbers.number(most.chosen)}
    if most.chosen == most.maximum:
        return _("The largest group: %(value)s. The limit held it to %(chosen)s of the places.") % words
    return _("The largest group: %(value)s. Of %(pool)s who took part, %(chosen)s were chosen.") % words


def _row(value: KeptValue, how: Telling, seats: int, people: int) -> MixRow:
    is_told = how == Telling.AS_IT_IS
    chosen = value.chosen if is_told else None
    share = seats * value.pool / people if is_told and value.pool else None
    told = _("not told")
    if is_told and value.chosen is not None:
        told = _("%(chosen)s of %(pool)s") % {
            "chosen": numbers.number(value.chosen),
            "pool": numbers.number(value.pool),
        }
    return MixRow(value.word, value.minimum, value.maximum, share, chosen, told)


def _value(value: KeptValue, how: Telling) -> ValueTold:
    if how == Telling.AS_IT_IS:
        pool, chosen = numbers.number(value.pool), numbers.number(value.chosen)
    elif how == Telling.FEW:
        pool, chosen = _("fewer than %(number)s") % {"number": FEWEST}, _("not told")
    else:
        pool = chosen = _("not told")
    return ValueTold(value.word, value.limit, pool, chosen)


# --- What people did ------------------------------------------------------------------------------------------------


def _after(call: Call) -> AfterTheDraw:
    fields = ("outcome", "reply", "relaxation", "offered_from_waitlist")
    rows = list(Decision.objects.filter(call=call).only(*fields))
    places = [row for row in rows if row.outcome == Outcome.PLACE]
    return AfterTheDraw(
        changes=list(ManualChange.objects.filter(decision__call=call).only("from_outcome", "to_outcome", "why", "at")),
        accepted=sum(row.reply == Reply.ACCEPTED for row in places),
        declined=sum(row.reply in {Reply.DECLINED, Reply.EXPIRED} for row in places),
        from_waitlist=sum(row.offered_from_waitlist for row in rows),
        relaxations=[row.relaxation for row in rows if row.relaxation],
    )


def _taken_back(call: Call) -> list[TakenBack]:
    draws = list(call.draws.real().filter(state=DrawState.WITHDRAWN))
    if not draws:
        return []
    moves = TransitionLog.objects.filter(machine=DRAW.name, to_state=DrawState.WITHDRAWN)
    moves = moves.filter(object_id__in=[draw.pk for draw in draws])
    at = dict(moves.values_list("object_id", "at"))
    return [TakenBack(draw.committed_at, at.get(draw.pk), draw.why) for draw in draws]
