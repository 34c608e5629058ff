"""What the worker does again and again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError

from samkraft.calls.operations import applications_remembering, draws, publishing, replies
from samkraft.feeds.operations import digests, following, inflow, mailed, posts
from samkraft.meetings.operations import attendance, reminders
from samkraft.networks.operations import actors_links, campaigns_tasks, renewal
from samkraft.notices.delivery import deliver_waiting, forget_mails
from samkraft.people.operations.accounts import forget_sessions, forget_unconfirmed
from samkraft.records.files import forget_unused_files
from samkraft.records.limits import forget_counts
from samkraft.records.operations import forget_visitors
from samkraft.statistics.operations import bring_pathways_to_year

logger = logging.getLogger("samkraft.worker")
Work = Callable[[datetime], object]
TICK, MINUTE, HOUR = timedelta(0), timedelta(minutes=1), timedelta(hours=1)
DAY, YEAR = timedelta(days=1), timedelta(days=365)


@dataclass(frozen=True)
class Errand:
    """Something to do again and again, `every` so often. What is due is decided by the data and by `now`."""

    name: str
    every: timedelta
    work: Work


# What waits for other sites takes little at a time, so that mail never waits long for it.
ERRANDS = (
    Errand("deliver mail", TICK, lambda now: deliver_waiting(now=now, limit=50)),
    Errand("publish scheduled posts", TICK, lambda now: posts.publish_scheduled(now=now, limit=50)),
    Errand("write digests", MINUTE, lambda now: digests.send_digests(now=now, limit=200)),
    Errand("check actors' links", MINUTE, lambda now: actors_links.check_links(now=now, limit=5)),
    Errand("take in feeds", MINUTE, lambda now: inflow.take_in(now=now, limit=5)),
    Errand("close calls", TICK, lambda now: publishing.close_due(now=now)),
    Errand("remind of meetings", MINUTE, lambda now: reminders.remind(now=now)),
    Errand("take up draws", MINUTE, lambda now: draws.take_up(now=now)),
    Errand("remind of applications", HOUR, lambda now: applications_remembering.remind_of_drafts(now=now)),
    Errand("forget unsent applications", HOUR, lambda now: applications_remembering.forget_unsent(now=now)),
    Errand("remind of renewals", HOUR, lambda now: renewal.remind_and_lapse(now=now)),
    Errand("remind of tasks", HOUR, lambda now: campaigns_tasks.remind_of_tasks(now=now)),
    Errand("remind of offered places", MINUTE, lambda now: replies.remind(now=now)),
    Errand("take back unanswered places", MINUTE, lambda now: replies.expire(now=now)),
    Errand("forget mails", HOUR, lambda now: forget_mails(now=now)),
    Errand("forget counts", HOUR, lambda now: forget_counts(now=now)),
    Errand("forget visitors", HOUR, lambda now: forget_visitors(now=now)),
    Errand("forget tasks", HOUR, lambda now: draws.forget_tasks(now=now)),
    Errand("forget sessions", HOUR, lambda now: forget_sessions(now=now)),
    Errand("forget unconfirmed accounts", HOUR, lambda now: forget_unconfirmed(now=now)),
    Errand("forget unconfirmed followers", HOUR, lambda now: following.forget_followers(now=now)),
    Errand("forget unused files", DAY, lambda now: forget_unused_files(now=now)),
    Errand("forget mailed posts", HOUR, lambda now: mailed.forget_mailed(now=now)),
    Errand("forget guests of meetings", HOUR, lambda now: attendance.forget_addresses(now=now, before=now - YEAR)),
    Errand("bring pathways to this year", HOUR, lambda now: bring_pathways_to_year(year=now.year)),
)


@dataclass
class Worker:
    """Remembers when it last did what. A new one does everything at once."""

    done_at: dict[str, datetime] = field(default_factory=dict)

    def tick(self, *, now: datetime) -> None:
        """Do what is due. A database that is away is waited for; one errand that fails does not stop the others."""
        for errand in ERRANDS:
            last = self.done_at.get(errand.name)
            if last is not None and now - last < errand.every:
                continue
            self.done_at[errand.name] = now
            try:
                errand.work(now)
            except DatabaseError:
                logger.exception("The database did not answer; the worker tries again.")
                return
            except Exception:
                # Mail has to go out even when, say, a feed from elsewhere breaks what reads it.
                logger.exception("The worker could not %s; it goes on with the rest.", errand.name)
