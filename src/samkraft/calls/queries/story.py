"""What has happened in a call, as sentences: who moved or changed what, and what went by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.records.models import TransitionLog

from ..models import Call, CallChange, CallPart, CallState

_S = CallState
# By the state that was left and the one that was reached; what is not here, by the state that was reached.
_MOVES: dict[tuple[str, str], Promise] = {
    (_S.CLOSED, _S.OPEN): gettext_lazy("%(who)s opened the call again."),
    (_S.IN_REVIEW, _S.CLOSED): gettext_lazy("%(who)s ended the review."),
    (_S.COMMITTED, _S.CLOSED): gettext_lazy("%(who)s took the commitment back."),
    (_S.DECIDED, _S.DRAWN): gettext_lazy("%(who)s opened the list of decisions again."),
}
_REACHED: dict[str, Promise] = {
    _S.DRAFT: gettext_lazy("%(who)s made the call a draft again."),
    _S.OPEN: gettext_lazy("%(who)s published the call."),
    _S.CLOSED: gettext_lazy("%(who)s closed the call."),
    _S.IN_REVIEW: gettext_lazy("%(who)s shared the applications out for review."),
    _S.COMMITTED: gettext_lazy("%(who)s prepared the draw."),
    _S.DRAWN: gettext_lazy("%(who)s made the draw."),
    _S.DECIDED: gettext_lazy("%(who)s went through the list of decisions."),
    _S.ANNOUNCED: gettext_lazy("%(who)s announced the decisions."),
    _S.ARCHIVED: gettext_lazy("%(who)s laid the call aside."),
    _S.CANCELLED: gettext_lazy("%(who)s cancelled the call."),
}
_BY_ITSELF: dict[str, Promise] = {
    _S.CLOSED: gettext_lazy("The call closed by itself when its time was over."),
    _S.COMMITTED: gettext_lazy("The draw was ready, and what it is made from became public."),
}
_CHANGES: dict[str, Promise] = {
    CallPart.ABOUT: gettext_lazy("%(who)s changed what is offered."),
    CallPart.WHEN: gettext_lazy("%(who)s changed the dates."),
    CallPart.WHO: gettext_lazy("%(who)s changed who may apply."),
    CallPart.QUESTIONS: gettext_lazy("%(who)s changed the questions."),
    CallPart.CRITERIA: gettext_lazy("%(who)s changed how those who get a place are chosen."),
    CallPart.REVIEW: gettext_lazy("%(who)s changed how applications are reviewed."),
    CallPart.NUMBER: gettext_lazy("%(who)s changed where the draw's number comes from."),
}


@dataclass(frozen=True)
class Happening:
    """One line of a call's story: when, what as a sentence, and the reason if there was one."""

    at: datetime
    words: str
    why: str


def story(call: Call) -> list[Happening]:
    """All that was moved and changed in a call, the latest first. Two queries."""
    moves = TransitionLog.objects.of(call).filter(machine="call").select_related("by")
    lines = [Happening(move.at, _moved(move), move.why) for move in moves]
    changes = CallChange.objects.filter(call=call).select_related("by")
    lines += [Happening(row.at, str(_CHANGES[row.part]) % {"who": row.by}, row.why) for row in changes]
    # Turned round, so that of what happened at one moment the later comes first, too.
    return sorted(lines, key=lambda line: line.at)[::-1]


def _moved(move: TransitionLog) -> str:
    """The move as a sentence. Who is erased or was the clock has no name."""
    reached = move.to_state
    if move.by is None and reached in _BY_ITSELF and (move.from_state, reached) not in _MOVES:
        return str(_BY_ITSELF[reached])
    words = _MOVES.get((move.from_state, reached)) or _REACHED.get(reached)
    if words is None:
        return capfirst(str(dict(CallState.choices).get(reached, "")))
    return str(words) % {"who": move.by or _("Somebody")}
