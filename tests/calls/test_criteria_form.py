"""Criteria with their limits: told at once, in words, when they cannot be kept."""

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import Applicants, CallState, FeatureSource, Limit, Merit
from samkraft.calls.operations import criteria
from samkraft.calls.rules.limits import Bound, problems
from samkraft.records.refusals import Refused

from .. import factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def drafted(**fields):
    call = factories_calls.call(state=CallState.DRAFT, published_at=None, **{"seats": 10, **fields})
    return call, factories_calls.organiser(call)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ([Bound("A", 1, 5), Bound("B", 2, None)], []),
        ([Bound("A", 6, 5)], ["A: at least 6 is more than at most 5."]),
        (
            [Bound("A", 6, None), Bound("B", 5, None)],
            ["F: what you want at least comes to 11, and there are 10 places."],
        ),
        ([Bound("A", 0, 4), Bound("B", 0, 5)], ["F: what you want at most comes to 9, which cannot fill 10 places."]),
        ([Bound("A", 0, 4), Bound("B", 0, None)], []),
        ([], []),
    ],
)
def test_limits_that_cannot_be_kept_are_told_in_words(bounds: list[Bound], found: list[str]) -> None:
    assert problems("F", bounds, 10) == found


def test_limits_are_saved_from_the_table() -> None:
    call, person = drafted()
    criterion = factories_calls.criterion(call, FeatureSource.ROLE)
    url = reverse("calls:criterion", args=[call.slug, criterion.pk])
    client = client_of(person)

    page = client.get(url).content.decode()
    assert page.count('<td data-label="At least">') == page.count('<td data-label="At most">') == 2
    response = client.post(url, {"least_0": "4", "most_0": "8", "least_1": "", "most_1": "6"})

    assert response.headers["Location"] == reverse("calls:criteria", args=[call.slug])
    assert list(Limit.objects.values_list("value", "minimum", "maximum")) == [("employee", 4, 8), ("elected", 0, 6)]
    shown = client.get(reverse("calls:criteria", args=[call.slug])).content.decode()
    assert "Works in a municipality or county: 4 to 8" in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"least_0": "5", "most_0": "4"}, "at least 5 is more than at most 4."),
        ({"least_0": "6", "least_1": "5"}, "comes to 11, and there are 10 places."),
        ({"most_0": "4", "most_1": "5"}, "comes to 9, which cannot fill 10 places."),
        ({"least_0": "11"}, "less than or equal to 10"),
    ],
)
def test_table_says_what_cannot_be_and_keeps_what_was_written(fields: dict[str, str], sentence: str) -> None:
    call, person = drafted()
    criterion = factories_calls.criterion(call, FeatureSource.ROLE)
    response = client_of(person).post(reverse("calls:criterion", args=[call.slug, criterion.pk]), fields)

    page = response.content.decode()
    assert (response.status_code, sentence in page) == (200, True)
    assert all(f'value="{value}"' in page for value in fields.values())
    assert not Limit.objects.exists()


def test_limits_of_a_value_that_is_not_there_are_refused() -> None:
    call, person = drafted()
    criterion = factories_calls.criterion(call, FeatureSource.ROLE)

    with pytest.raises(Refused, match="no longer there"):
        criteria.set_limits(criterion=criterion, limits={"magic": (1, None)}, by=person, now=NOW)


def test_limits_of_a_published_call_need_a_reason() -> None:
    call, person = drafted()
    criterion = factories_calls.criterion(call, FeatureSource.ROLE, employee=(1, None))
    type(call).objects.filter(pk=call.pk).update(state=CallState.OPEN, published_at=NOW)
    client, url = client_of(person), reverse("calls:criterion", args=[call.slug, criterion.pk])

    assert "Say why you change it" in client.post(url, {"least_0": "2"}).content.decode()
    assert client.post(url, {"least_0": "2", "why": "Fewer elected than hoped."}).status_code == 302
    assert "Fewer elected than hoped." in Client().get(call.get_absolute_url()).content.decode()


def test_feature_is_added_once_and_only_what_fits_is_offered() -> None:
    call, person = drafted(applicants=Applicants.MUNICIPALITY)
    asked = factories_calls.choice_question(call, "a", "b", label="Which?")
    factories_calls.question(call, label="Free text")
    client = client_of(person)

    offered = [key for key, _words in client.get(reverse("calls:criteria", args=[call.slug])).context["offered"]]
    assert offered == ["part", "county", "size", f"question-{asked.pk}"]
    url = reverse("calls:add_criterion", args=[call.slug, f"question-{asked.pk}"])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 404
    assert call.criteria.get().question == asked
    assert client.post(reverse("calls:add_criterion", args=[call.slug, "sector"])).status_code == 404


def test_tiers_of_merit_can_be_a_criterion_where_there_are_tiers() -> None:
    call, person = drafted(merit=Merit.TIERS, merit_bounds=[2.5])

    offered = dict(client_of(person).get(reverse("calls:criteria", args=[call.slug])).context["offered"])
    assert "merit" in offered


def test_how_scores_count_is_saved_with_its_bounds() -> None:
    call, person = drafted()
    client, url = client_of(person), reverse("calls:edit_how", args=[call.slug])

    page = client.post(url, {"merit": "threshold"}).content.decode()
    assert "Say which points are needed." in page
    page = client.post(url, {"merit": "tiers", "merit_bounds": "4; 2,5"}).content.decode()
    assert "from the lowest to the highest" in page
    response = client.post(url, {"merit": "tiers", "merit_bounds": "2,5; 4", "municipality_cap": "2"})

    call.refresh_from_db()
    assert response.headers["Location"] == reverse("calls:criteria", args=[call.slug])
    assert (call.merit, call.merit_bounds, call.municipality_cap) == ("tiers", [2.5, 4.0], 2)
    assert "2.5; 4.0" in client.get(url).content.decode()


def test_fields_that_a_choice_needs_are_shown_under_it_and_are_not_called_optional() -> None:
    call, person = drafted()
    page = client_of(person).get(reverse("calls:edit_how", args=[call.slug])).content.decode()
    number = client_of(person).get(reverse("calls:edit_number", args=[call.slug])).content.decode()

    assert 'data-only-under="merit threshold floor"' in page
    assert 'data-only-under="merit tiers floor"' in page
    assert 'data-only-under="seed_kind public"' in number
    # Only how many may come from one municipality can be left out.
    assert (page.count("(optional)"), number.count("(optional)")) == (1, 0)


def test_size_of_the_municipality_asks_for_its_classes_before_the_limits() -> None:
    call, person = drafted()
    criterion = factories_calls.criterion(call, "size")
    client, url = client_of(person), reverse("calls:edit_sizes", args=[call.slug])
    limits = reverse("calls:criterion", args=[call.slug, criterion.pk])

    assert client.get(limits).headers["Location"] == url
    assert "let each class go further" in client.post(url, {"most_0": "500", "most_1": "400"}).content.decode()
    assert "Which are small" in client.post(url, {"most_1": "400"}).content.decode()
    assert client.post(url, {"most_0": "15000", "most_1": "50000", "most_2": ""}).headers["Location"] == limits
    call.refresh_from_db()
    assert call.size_bounds == [15_000, 50_000]
    assert "More than 50,000 inhabitants" in client.get(limits).content.decode()


@pytest.mark.parametrize("text", ["abc", "1e9999", "nan", "1;;x", "-5"])
def test_bounds_that_are_no_numbers_are_told(text: str) -> None:
    call, person = drafted()
    page = client_of(person).post(reverse("calls:edit_how", args=[call.slug]), {"merit": "tiers", "merit_bounds": text})

    assert page.status_code == 200
    assert type(call).objects.get(pk=call.pk).merit_bounds == []


def test_page_of_criteria_costs_the_same_with_one_and_three(django_assert_max_num_queries) -> None:
    call, person = drafted()
    client, url = client_of(person), reverse("calls:criteria", args=[call.slug])
    factories_calls.criterion(call, FeatureSource.ROLE, employee=(1, None))
    client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get(url)
    factories_calls.criterion(call, FeatureSource.SECTOR, planning=(1, 3), school=(1, None))
    factories_calls.criterion(call, FeatureSource.PART)
    with django_assert_max_num_queries(20) as three:
        client.get(url)

    assert len(three) == len(one)
