"""Drawing newspaper areas, confirming guesses, and taking areas out of use."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.places.models import Area, NewspaperArea
from samkraft.places.rules import slug as slug_of
from samkraft.records.refusals import Refused
from samkraft.ui.page_cache import changed

from ..models import Network
from ..queries import newspaper_areas as queries

LIST_TAG = "newspaper-areas"
_LONGEST_SLUG = 72
_NOT_YOURS = _("You can draw areas that reach into a county that you coordinate. Choose one of its municipalities too.")
_TAKEN = _("Another newspaper area has that name. Choose another name, or change the one that is there.")
_CHANGED = _("Somebody else has changed this area meanwhile. Look at what they did, and then make your change.")


@transaction.atomic
def draw(
    *,
    country: str,
    name: str,
    newspaper: str,
    url: str,
    municipalities: Collection[Area],
    is_confirmed: bool,
    by: User,
    now: datetime,
) -> NewspaperArea:
    """Add a newspaper area. Raises Refused for a name in use, or where the person draws in none of its counties."""
    _check_reached(by, municipalities)
    area = NewspaperArea(
        country=country.upper(),
        slug=_free_slug(country, name),
        name=name,
        newspaper=newspaper,
        url=url,
        changed_at=now,
        confirmed_on=timezone.localdate(now) if is_confirmed else None,
    )
    _save(area, municipalities, by, now)
    return area


@transaction.atomic
def change(
    *,
    area: NewspaperArea,
    seen: datetime | None,
    name: str,
    newspaper: str,
    url: str,
    municipalities: Collection[Area],
    is_confirmed: bool,
    by: User,
    now: datetime,
) -> None:
    """Draw an area anew. `seen` is when it was last changed, as the person saw it.

    Raises Refused for one who draws in no county of what it was or of what it becomes, and when it was changed
    meanwhile. Its network's county has to stay in it.
    """
    before = _taken_in_hand(area, seen, by, now)
    _check_reached(by, municipalities)
    _check_network(area, municipalities)
    area.name, area.newspaper, area.url = name, newspaper, url
    if not is_confirmed:
        area.confirmed_on = None
    elif area.confirmed_on is None:
        area.confirmed_on = timezone.localdate(now)
    _save(area, municipalities, by, now)
    _changed(area, before)


@transaction.atomic
def confirm(*, area: NewspaperArea, seen: datetime | None, by: User, now: datetime) -> None:
    """Say that the newspaper is read in exactly these municipalities. Raises Refused as `change` does."""
    municipalities = _taken_in_hand(area, seen, by, now)
    area.confirmed_on = timezone.localdate(now)
    _save(area, municipalities, by, now)


@transaction.atomic
def set_use(*, area: NewspaperArea, in_use: bool, seen: datetime | None, by: User, now: datetime) -> None:
    """Take an area out of use, or into use again. Raises Refused while a network stands in it, and as `change`."""
    municipalities = _taken_in_hand(area, seen, by, now)
    if not in_use and Network.objects.open().filter(newspaper_area=area).exists():
        raise Refused(_("A network stands in this area. It has to be ended before the area can go."))
    area.ended_on = None if in_use else timezone.localdate(now)
    _save(area, municipalities, by, now)


def _taken_in_hand(area: NewspaperArea, seen: datetime | None, by: User, now: datetime) -> list[Area]:
    """The area's municipalities, once this change is the only one: of two at the same moment, one is told."""
    if not NewspaperArea.objects.filter(pk=area.pk, changed_at=seen).update(changed_at=now):
        raise Refused(_CHANGED)
    area.refresh_from_db()
    if seen is None:
        _keep(area, None, now)  # what it was as a guess, so that the history tells what became of it
    municipalities = list(area.municipalities.defer("outline"))
    _check_reached(by, municipalities)
    return municipalities


def _check_reached(by: User, municipalities: Iterable[Area]) -> None:
    if not queries.may_draw(by, queries.counties_of(municipalities)):
        raise Refused(_NOT_YOURS)


def _check_network(area: NewspaperArea, municipalities: Iterable[Area]) -> None:
    network = Network.objects.open().filter(newspaper_area=area).select_related("county").first()
    if network is None or network.county is None:
        return
    if network.county_id not in {place.parent_id for place in municipalities}:
        raise Refused(
            _("The network here follows the condition of %(county)s: keep one of its municipalities.")
            % {"county": network.county.full_name}
        )


def _free_slug(country: str, name: str) -> str:
    wanted = slug_of(name)[:_LONGEST_SLUG].strip("-") or "area"
    taken = set(
        NewspaperArea.objects.in_country(country).filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    free = wanted
    number = 2
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free


def _save(area: NewspaperArea, municipalities: Collection[Area], by: User, now: datetime) -> None:
    """Save the area and its municipalities as one version in its history."""
    keeping: Any = area
    keeping.skip_history_when_saving = True
    try:
        with transaction.atomic():
            area.save()
            area.municipalities.set(municipalities)
    except IntegrityError as error:
        raise Refused(_TAKEN) from error
    finally:
        del keeping.skip_history_when_saving
    _keep(area, by, now)
    _changed(area, municipalities)


def _keep(area: NewspaperArea, by: User | None, now: datetime) -> None:
    """Keep a version of the area in its history, with its municipalities as they are."""
    keeping: Any = area
    keeping._history_user, keeping._history_date = by, now
    area.save(update_fields=["changed_at"])


def _changed(area: NewspaperArea, municipalities: Iterable[Area]) -> None:
    """Pages of the area, of its municipalities and counties, and lists of areas and of networks show it."""
    ids = {place.pk for place in municipalities} | {place.parent_id for place in municipalities}
    tags = {place.tag for place in Area.objects.filter(pk__in=ids).defer("outline")}
    network = Network.objects.open().filter(newspaper_area=area).first()
    changed(area.tag, LIST_TAG, "networks", *tags, *([network.tag] if network else []))
