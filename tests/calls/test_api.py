"""Calls as open data."""

import pytest
from django.test import Client

from samkraft.calls.models import CallState, Comparison

from .. import factories_calls, factories_networks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CALLS = "/api/v1/calls"


def items(query: str = "") -> list[dict]:
    response = Client().get(CALLS + query)
    assert response.status_code == 200
    return response.json()["items"]


def test_list_has_published_calls_with_their_organisers() -> None:
    call = factories_calls.call(title="One")
    factories_calls.call(title="Two", actor=factories_networks.actor(slug="mill"), country="NO", kind="grant")
    factories_calls.call(state=CallState.DRAFT, published_at=None)

    one, two = items()
    assert (one["slug"], one["organiser_area"], one["organiser_actor"]) == (call.slug, "SE-1493", None)
    assert (two["title"], two["organiser_area"], two["organiser_actor"]) == ("Two", None, "mill")
    assert [found["title"] for found in items("?country=no")] == ["Two"]
    assert [found["title"] for found in items("?kind=workshop")] == ["One"]
    assert items("?state=closed") == []


def test_list_comes_in_pages() -> None:
    calls = [factories_calls.call() for _number in range(3)]
    first = Client().get(f"{CALLS}?limit=2").json()

    assert [found["slug"] for found in first["items"]] == [calls[0].slug, calls[1].slug]
    second = Client().get(first["next"]).json()
    assert ([found["slug"] for found in second["items"]], second["next"]) == ([calls[2].slug], None)


def test_one_call_has_its_questions_criteria_and_rules_as_data() -> None:
    call = factories_calls.call(size_bounds=[15_000], municipality_cap=2)
    factories_calls.choice_question(call, "new", "old", label="Which?")
    factories_calls.criterion(call, planning=(1, 3))
    call.eligibility.create(fact="population", comparison=Comparison.AT_MOST, value=15_000)
    call.eligibility.create(fact="county", comparison=Comparison.IS_ONE_OF, value=["SE-14"])

    found = Client(headers={"Accept-Language": "en"}).get(f"{CALLS}/{call.slug}").json()

    assert found["questions"] == [
        {
            "kind": "choice",
            "label": "Which?",
            "help_text": "",
            "is_required": True,
            "least": None,
            "most": None,
            "choices": [{"value": "new", "label": "New"}, {"value": "old", "label": "Old"}],
        }
    ]
    assert found["criteria"] == [
        {
            "feature": "sector",
            "label": "Sector of work",
            "limits": [{"value": "planning", "label": "Planning", "minimum": 1, "maximum": 3}],
        }
    ]
    assert [(rule["fact"], rule["value"]) for rule in found["eligibility"]] == [
        ("population", 15_000),
        ("county", ["SE-14"]),
    ]
    assert (found["size_bounds"], found["municipality_cap"]) == ([15_000], 2)


def test_draft_and_what_is_not_there_are_not_found() -> None:
    draft = factories_calls.call(state=CallState.DRAFT, published_at=None)

    assert [Client().get(f"{CALLS}/{slug}").status_code for slug in (draft.slug, "nothing")] == [404, 404]


def test_list_costs_the_same_with_one_and_three(django_assert_max_num_queries) -> None:
    factories_calls.call()
    Client().get(CALLS)
    with django_assert_max_num_queries(4) as one:
        Client().get(CALLS)
    factories_calls.call()
    factories_calls.call(actor=factories_networks.actor())
    with django_assert_max_num_queries(4) as three:
        Client().get(CALLS)

    assert len(three) == len(one)
