"""The publications that a rule can name, by names that stand in a sentence."""

import pytest
from django.utils.translation import override

from samkraft.places import facts
from samkraft.statistics.models import Release, ReleaseKind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("publisher", "version", "short"),
    [
        ("Statistiska centralbyrån (SCB)", "2025M12", "SCB, december 2025"),
        ("Statistiska centralbyrån (SCB)", "2024", "SCB, 2024"),
        ("Danmarks Statistik", "2025M13", "Danmarks Statistik, 2025M13"),
        ("", "2006", "Folkmängden efter region, 2006"),
    ],
)
def test_release_is_called_by_who_published_it_and_for_when(publisher: str, version: str, short: str) -> None:
    Release.objects.create(
        slug="people",
        kind=ReleaseKind.POPULATION,
        country="SE",
        title="Folkmängden efter region",
        publisher=publisher,
        version=version,
    )
    population = facts.named("population")
    assert population.editions is not None

    with override("sv"):
        assert dict(population.editions("SE"))["people"] == short
