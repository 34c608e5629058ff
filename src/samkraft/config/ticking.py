"""What the worker does again and again."""

from datetime import datetime

from django.db import close_old_connections

from samkraft.notices.delivery import deliver_waiting, forget_mails
from samkraft.statistics.operations import bring_pathways_to_year

MESSAGES_A_TICK = 50


def tick(*, now: datetime) -> None:
    """Send waiting mail, forget what need not be kept, and bring pathways to this year."""
    close_old_connections()
    deliver_waiting(now=now, limit=MESSAGES_A_TICK)
    forget_mails(now=now)
    bring_pathways_to_year(year=now.year)
