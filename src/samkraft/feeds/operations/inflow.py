"""What a county's regional mobilisation tells elsewhere: sources, and their items taken in by the worker."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samkraft.places.models import Area
from samkraft.records.fetch import Fetched, fetch
from samkraft.records.refusals import Refused

from ..models import InflowItem, InflowSource
from . import inflow_parsing
from .inflow_parsing import Document, Item

LIMIT_BYTES = 2 * 1024 * 1024
SECONDS = 5.0
BETWEEN = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=2)
ITEMS_KEPT = timedelta(days=180)
MOST_SOURCES = 30
Fetch = Callable[..., Fetched]


def add_source(*, county: Area, url: str, title: str, by: Any, now: datetime, fetch: Fetch = fetch) -> InflowSource:
    """Look at what lies at the address and, if it is a feed, take it in from now on. Raises Refused."""
    if InflowSource.objects.filter(county=county).count() >= MOST_SOURCES:
        raise Refused(_("The county takes in as many feeds as it can. Remove one first."))
    document = _fetched(url, fetch)
    with transaction.atomic():
        try:
            with transaction.atomic():
                source = InflowSource.objects.create(
                    county=county,
                    url=url,
                    title=(title or document.title or url)[:160],
                    added_by=by,
                    added_at=now,
                    fetched_at=now,
                    next_at=now + BETWEEN,
                )
        except IntegrityError as error:
            raise Refused(_("The county takes in that feed already.")) from error
        _keep(source, document, now)
    return source


@transaction.atomic
def remove_source(*, source: InflowSource) -> None:
    """Stop taking in a feed, and forget its items. Posts that were made of them stay."""
    source.delete()


def take_in(*, now: datetime, limit: int = 10, fetch: Fetch = fetch) -> int:
    """Fetch the sources that are due, at most `limit` of them. Returns how many were read.

    A source's next time moves before it is fetched, so that two workers do not ask the same site; one that fails
    is asked again after longer and longer waits.
    """
    due = list(InflowSource.objects.filter(next_at__lte=now).order_by("next_at", "pk")[:limit])
    return sum(_take_in_one(source, now, fetch) for source in due)


def _take_in_one(source: InflowSource, now: datetime, fetch: Fetch) -> bool:
    won = InflowSource.objects.filter(pk=source.pk, next_at=source.next_at).update(next_at=now + BETWEEN)
    if not won:
        return False
    try:
        document = _fetched(source.url, fetch)
    except Refused as refused:
        _note_failure(source, refused, now)
        return False
    with transaction.atomic():
        # The source may have been removed while its site answered.
        still = InflowSource.objects.select_for_update().filter(pk=source.pk).first()
        if still is None:
            return False
        still.fetched_at, still.failures, still.problem = now, 0, ""
        still.save(update_fields=["fetched_at", "failures", "problem"])
        _keep(still, document, now)
    return True


def _fetched(url: str, fetch: Fetch) -> Document:
    answer = fetch(url, limit_bytes=LIMIT_BYTES, timeout=SECONDS)
    return inflow_parsing.read(answer.content, url=answer.url, content_type=answer.content_type)


def _note_failure(source: InflowSource, refused: Refused, now: datetime) -> None:
    failures = min(source.failures + 1, 100)
    wait = min(BETWEEN * 2 ** min(failures, 10), LONGEST_WAIT)
    with override(settings.LANGUAGE_CODE):
        problem = str(refused)[:300]
    InflowSource.objects.filter(pk=source.pk).update(failures=failures, problem=problem, next_at=now + wait)


def _keep(source: InflowSource, document: Document, now: datetime) -> None:
    """Keep what is new and what was changed, and forget what is old."""
    recent = [item for item in document.items if (item.published_at or now) >= now - ITEMS_KEPT]
    InflowItem.objects.bulk_create(
        [_row(source, item, now) for item in recent],
        update_conflicts=True,
        unique_fields=["source", "guid"],
        update_fields=["url", "title", "summary"],
    )
    rows = InflowItem.objects.filter(source=source)
    rows.filter(published_at__lt=now - ITEMS_KEPT).delete()
    newest = rows.order_by("-published_at", "-pk").values_list("pk", flat=True)
    rows.filter(pk__in=list(newest[inflow_parsing.MOST_ITEMS :])).delete()


def _row(source: InflowSource, item: Item, now: datetime) -> InflowItem:
    return InflowItem(
        source=source,
        guid=item.guid,
        url=item.url,
        title=item.title,
        summary=item.summary,
        # What says that it comes from the future would stand first for ever.
        published_at=min(item.published_at or now, now),
        taken_in_at=now,
    )
