"""The organiser's own wording of the letters."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from samkraft.records.refusals import Refused

from ..models import Call, Letter, Outcome
from ..rules.letters import PLACEHOLDERS, unknown
from .replacements import locked_call


def problem(text: str, outcome: str) -> str:
    """What is wrong with words in braces in a letter, in one sentence; empty when nothing is."""
    return problem_of_words(text, PLACEHOLDERS[Outcome(outcome)])


def problem_of_words(text: str, names: Sequence[str]) -> str:
    """The same where only these names can be filled in."""
    found = unknown(text, names)
    if not found:
        return ""
    known = ", ".join(f"{{{name}}}" for name in names)
    return _("%(unknown)s cannot be filled in here. What can be filled in is %(known)s.") % {
        "unknown": ", ".join(found),
        "known": known,
    }


@transaction.atomic
def write(*, call: Call, outcome: str, language: str, subject: str, text: str) -> Letter:
    """Keep the organiser's own letter for an outcome and a language. Raises Refused."""
    locked_call(call.pk)
    for part in (subject, text):
        if sentence := problem(part, outcome):
            raise Refused(sentence)
    letter, _new = Letter.objects.update_or_create(
        call=call, outcome=outcome, language=language, defaults={"subject": subject, "text": text}
    )
    return letter


def use_ours(*, call: Call, outcome: str, language: str) -> None:
    """Take the organiser's own letter away, so that ours is used. Doing it again changes nothing."""
    Letter.objects.filter(call=call, outcome=outcome, language=language).delete()
