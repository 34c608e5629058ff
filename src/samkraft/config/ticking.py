"""What the worker does again and again."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections

from samkraft.notices.delivery import deliver_waiting, forget_mails
from samkraft.people.operations.accounts import forget_sessions, forget_unconfirmed
from samkraft.records.limits import forget_counts
from samkraft.records.operations import forget_visitors
from samkraft.statistics.operations import bring_pathways_to_year

MESSAGES_A_TICK = 50
BETWEEN_HOUSEKEEPINGS = timedelta(hours=1)
logger = logging.getLogger("samkraft.worker")


@dataclass
class Worker:
    """Remembers when it last kept house."""

    kept_house_at: datetime | None = None

    def tick(self, *, now: datetime) -> None:
        """Send waiting mail, and keep house once an hour. A database that is away is waited for."""
        close_old_connections()
        try:
            deliver_waiting(now=now, limit=MESSAGES_A_TICK)
            if self.kept_house_at is None or now - self.kept_house_at >= BETWEEN_HOUSEKEEPINGS:
                keep_house(now=now)
                self.kept_house_at = now
        except DatabaseError:
            logger.exception("The database did not answer; the worker tries again.")


def keep_house(*, now: datetime) -> None:
    """Forget what need not be kept, and bring pathways to this year."""
    forget_mails(now=now)
    forget_counts(now=now)
    forget_visitors(now=now)
    forget_sessions(now=now)
    forget_unconfirmed(now=now)
    bring_pathways_to_year(year=now.year)
