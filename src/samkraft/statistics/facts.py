"""What the figures know of municipalities, as named facts."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from samkraft.places import facts
from samkraft.ui import numbers

from .models import Population, Release, ReleaseKind

# "Statistiska centralbyrån (SCB)", and the month of a version such as "2025M12".
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")
_MONTH = re.compile(r"(\d{4})M(0[1-9]|1[0-2])", re.ASCII)


def _releases(country: str) -> Sequence[tuple[str, str]]:
    rows = Release.objects.of_series(ReleaseKind.POPULATION, country.upper(), "")
    return [(release.slug, short_name(release)) for release in rows]


def short_name(release: Release) -> str:
    """Who published it and for when: SCB, December 2025."""
    short = _IN_BRACKETS.search(release.publisher)
    month = _MONTH.fullmatch(release.version)
    when = numbers.month_and_year(date(int(month[1]), int(month[2]), 1)) if month else release.version
    return f"{short[1] if short else release.publisher or release.title}, {when}"


def _population(ids: Collection[int], edition: str) -> Mapping[int, int]:
    """People at the end of the release's last year; without a release, the latest figure of any."""
    rows = Population.objects.filter(area__in=ids)
    if edition:
        rows = rows.filter(release__slug=edition)
    ordered = rows.order_by("year", "release__version", "pk")
    return dict(ordered.values_list("area_id", "persons"))


facts.register(
    facts.Fact(
        "population",
        _("number of inhabitants"),
        facts.FactKind.NUMBER,
        _population,
        unit=_("inhabitants"),
        editions=_releases,
    )
)
