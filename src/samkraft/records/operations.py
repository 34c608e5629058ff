"""Moves through a lifecycle, and forgetting what is no longer needed."""

from datetime import datetime, timedelta
from typing import Any

import rules
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from .machines import ANYONE, WORKER, Machine, Move
from .models import MessageState, TransitionLog, VisitorMessage
from .refusals import Refused

ADDRESSES_KEPT = timedelta(days=90)


class IllegalMove(Refused):
    """The lifecycle has no such step from the present state, or this person may not take it."""


def may_move(move: Move, by: Any, subject: models.Model) -> bool:
    """Whether a person (None: the worker) may make the declared step."""
    if move.who == ANYONE:
        return True
    if by is None:
        return move.by_clock or move.who == WORKER
    if move.who == WORKER:
        return False
    return bool(rules.test_rule(move.who, by, subject))


@transaction.atomic
def log_transition(
    *, subject: models.Model, machine: Machine, to: str, by: Any, now: datetime, why: str = ""
) -> TransitionLog:
    """Move the subject to a state and log it. `by` is None when the worker moves it by the clock.

    The state is changed only if it still is what the caller saw, so that of two people who act at the same
    moment one is told. Raises IllegalMove, and then nothing is changed.
    """
    source = getattr(subject, machine.field)
    move = machine.move(source, to)
    if move is None:
        raise IllegalMove(_("This step is not possible from where the matter stands now."))
    if not may_move(move, by, subject):
        raise IllegalMove(_("You may not take this step."))
    rows = type(subject)._default_manager.filter(**{"pk": subject.pk, machine.field: source})
    if rows.update(**{machine.field: to}) != 1:
        raise IllegalMove(_("Somebody else has just handled this matter. Look at it again."))
    setattr(subject, machine.field, to)
    return TransitionLog.objects.create(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        machine=machine.name,
        from_state=source,
        to_state=to,
        by=by,
        at=now,
        why=why,
    )


def forget_visitors(*, now: datetime) -> int:
    """Erase visitors' e-mail addresses from matters closed long ago. Returns how many were erased."""
    closed = VisitorMessage.objects.filter(
        state__in=[MessageState.DONE, MessageState.REJECTED], closed_at__lt=now - ADDRESSES_KEPT
    )
    return closed.exclude(email="").update(email="")
