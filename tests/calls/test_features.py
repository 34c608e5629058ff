"""What is known of an application: its values of the criteria, and whether its place may apply at all."""

from decimal import Decimal
from fractions import Fraction

import pytest

from samkraft.calls.models import Comparison, Eligibility, FeatureSource
from samkraft.calls.queries import eligibility, features, merit
from samkraft.calls.rules.features import class_of, tier_midpoints
from samkraft.places.models import Area
from samkraft.statistics.models import Population, Release, ReleaseKind

from .. import factories, factories_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_class_of_a_bound_is_the_one_that_it_ends() -> None:
    assert [class_of(number, [15_000, 50_000]) for number in (15_000, 15_001, 50_000, 50_001)] == ["1", "2", "2", "3"]


def test_tiers_stand_for_their_middle_when_a_mean_is_taken() -> None:
    assert tier_midpoints([Decimal("2.5"), Decimal(4)], Decimal(1), Decimal(5)) == {
        "1": Fraction(7, 4),
        "2": Fraction(13, 4),
        "3": Fraction(9, 2),
    }


def _population(area: Area, persons: int, slug: str = "people-2006") -> None:
    release, _new = Release.objects.get_or_create(
        slug=slug,
        defaults={"kind": ReleaseKind.POPULATION, "country": "SE", "title": "People", "version": slug, "digest": slug},
    )
    Population.objects.create(release=release, area=area, year=2006, persons=persons)


def _at_most(call, persons: int) -> None:
    Eligibility.objects.create(
        call=call, fact="population", comparison=Comparison.AT_MOST, value=persons, edition="people-2006"
    )


def test_eligibility_goes_by_the_release_that_the_call_names() -> None:
    call = factories_calls.call()
    _at_most(call, 15_000)
    small, large = factories.area("1447", "Gullspång"), factories.area("1473", "Töreboda")
    _population(small, 15_000)
    _population(large, 15_001)

    assert eligibility.problems(call, small) == []
    assert eligibility.problems(call, large) == [
        "Töreboda has 15,001 inhabitants (People, people-2006). The call is for those with at most 15,000 inhabitants."
    ]


def test_eligibility_says_when_a_fact_is_not_known() -> None:
    call = factories_calls.call()
    _at_most(call, 15_000)

    (sentence,) = eligibility.problems(call, factories.area())

    assert sentence.startswith("The number of inhabitants of Mariestad is not known")


def test_eligibility_is_refused_in_another_country() -> None:
    call = factories_calls.call(country="NO")

    assert eligibility.problems(call, factories.area()) == ["Mariestad lies in another country than the call is for."]


def test_eligibility_by_county_names_the_counties() -> None:
    call = factories_calls.call()
    factories.county("12", "Skåne")
    Eligibility.objects.create(call=call, fact="county", comparison=Comparison.IS_ONE_OF, value=["SE-12"])

    (sentence,) = eligibility.problems(call, factories.area())

    assert sentence.endswith("The call is for Skåne län.")


def test_features_of_an_application_come_from_its_form_its_place_and_its_answers() -> None:
    call = factories_calls.call(size_bounds=[15_000])
    asked = factories_calls.choice_question(call, "new", "experienced")
    criteria = [
        factories_calls.criterion(call, source)
        for source in (FeatureSource.SECTOR, FeatureSource.ROLE, FeatureSource.PART, FeatureSource.SIZE)
    ]
    criteria.append(call.criteria.create(source=FeatureSource.QUESTION, question=asked, position=9))
    _population(factories.area("1440", "Ale"), 31_000)
    application = factories_calls.application(call, answers={asked: "new"}, place=factories.area("1440", "Ale"))

    found = features.values_by_application(call, [application], criteria)

    assert found[application.pk] == {
        "municipality": f"place-{application.place_id}",
        "sector": "planning",
        "role": "employee",
        "part": "gotaland",
        "size": "2",
        f"question-{asked.pk}": "new",
    }


def test_features_of_many_applications_cost_as_many_queries_as_of_one(django_assert_num_queries) -> None:
    call = factories_calls.call(size_bounds=[15_000])
    criteria = [factories_calls.criterion(call, source) for source in (FeatureSource.PART, FeatureSource.SIZE)]
    applications = [factories_calls.application(call) for _number in range(3)]

    with django_assert_num_queries(3):
        features.values_by_application(call, applications[:1], criteria)
    with django_assert_num_queries(3):
        features.values_by_application(call, applications, criteria)


def test_points_are_the_weighted_mean_over_scales_then_over_reviewers() -> None:
    call = factories_calls.call()
    factories_calls.scale(call, weight=Decimal(2))
    factories_calls.scale(call, weight=Decimal(1))
    application = factories_calls.application(call)
    factories_calls.review(application, factories_calls.reviewer(call), 5, 2)
    factories_calls.review(application, factories_calls.reviewer(call), 3, 3)
    factories_calls.review(application, factories_calls.reviewer(call))

    assert merit.points_of(call) == {application.pk: Decimal("3.50")}
