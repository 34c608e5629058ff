"""What the figures know of municipalities, as named facts."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from samkraft.places import facts

from .models import Population, Release, ReleaseKind


def _releases(country: str) -> Sequence[tuple[str, str]]:
    rows = Release.objects.of_series(ReleaseKind.POPULATION, country.upper(), "")
    return [(release.slug, str(release)) for release in rows]


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
