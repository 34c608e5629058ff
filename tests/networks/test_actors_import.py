"""Actors from a spreadsheet: every fault is told, what is there already is left out, and it is all or nothing."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from samkraft.networks.forms.actors_import import COLUMNS, planned
from samkraft.networks.models import Actor, ActorOffer, NetworkState
from samkraft.networks.operations.actors_import import import_actors
from samkraft.notices.models import OutboxMessage
from samkraft.records import sheets
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_actors import PERSONAL

pytestmark = pytest.mark.django_db
with override("en"):
    HEADINGS = [str(words) for words in COLUMNS.values()]
UPLOAD = "networks:actors_import"


def row(**changes):
    filled = {
        "name": "The Green Bakery",
        "kind": "company",
        "country": "SE",
        "homepage_url": "bakery.example",
        "municipalities": "Mariestad",
        **changes,
    }
    return [filled.get(name, "") for name in COLUMNS]


def plan(*rows, headings=HEADINGS):
    return planned([headings, *rows])


def faults(*rows):
    return [(fault.row, fault.column, fault.heading) for fault in plan(*rows).faults]


def upload(client, *rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    file = SimpleUploadedFile("actors.csv", out.getvalue().encode(), "text/csv")
    return client.post(reverse(UPLOAD), {"file": file})


def carry_out(client, preview):
    form = {"rows": preview.context["signed"], "count": len(preview.context["plan"].new)}
    return client.post(reverse("networks:actors_import_carry_out"), form)


def test_row_becomes_an_actor():
    filled = row(
        kind="Company ",
        country="Sverige",
        organisation_number="556036-0793",
        municipalities="Mariestad; Töreboda kommun, 1494",
        described_on="2026-01-15",
        contact_email="Eva@Example.org",
    )
    result = plan(filled)
    assert result.faults == []
    (new,) = result.new
    assert (new.facts.kind, new.facts.country, new.facts.organisation_number) == ("company", "SE", "5560360793")
    assert [area.key for area in new.municipalities] == ["SE-1493", "SE-1473", "SE-1494"]
    assert (new.facts.homepage_url, new.contact_email) == ("https://bakery.example", "eva@example.org")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"name": ""}, "A"),
        ({"kind": "kingdom"}, "B"),
        ({"country": "FI"}, "C"),
        ({"organisation_number": "556036-0794"}, "D"),
        ({"organisation_number": PERSONAL}, "D"),
        ({"homepage_url": ""}, "E"),
        ({"homepage_url": "javascript:alert(1)"}, "E"),
        ({"facebook_url": "https://evil.example/"}, "F"),
        ({"municipalities": ""}, "G"),
        ({"municipalities": "Atlantis"}, "G"),
        ({"country": "NO", "municipalities": "Herøy"}, "G"),
        ({"described_on": "some day"}, "K"),
        ({"contact_email": "nobody"}, "L"),
    ],
)
def test_fault_is_told_with_its_row_and_column(changes, column):
    name = list(changes)[-1]
    assert faults(row(), row(**changes)) == [(3, column, HEADINGS[list(COLUMNS).index(name)])]


def test_every_fault_of_a_file_is_told_at_once():
    assert [fault[:2] for fault in faults(row(name="", kind="x"), row(municipalities=""))] == [
        (2, "B"),
        (2, "A"),
        (3, "G"),
    ]


@pytest.mark.parametrize("language", ["sv", "nb", "da", "en"])
def test_columns_are_known_by_their_headings_in_any_order_and_language(language):
    with override(language):
        headings = [str(words) for words in COLUMNS.values()]
    read = planned([headings[::-1], row()[::-1]])
    assert ([new.facts.name for new in read.new], read.faults) == (["The Green Bakery"], [])


def test_columns_that_are_missing_are_named():
    (fault,) = planned([["Name", "Kind"], ["Bageri", "company"]]).faults
    assert fault.sentence == "These columns are missing: Country, Municipalities."


def test_empty_file_and_empty_rows_are_said():
    assert [fault.row for fault in plan().faults] == [2]
    assert [fault.row for fault in planned([]).faults] == [1]
    assert len(plan(row(), [""] * 12, row(name="Other")).new) == 2


def test_actors_that_are_there_are_left_out_visibly():
    known = factories_networks.actor(name="THE GREEN  bakery", organisation_number="5560360793")
    result = plan(
        row(),
        row(name="Another name", organisation_number="5560360793"),
        row(name="New", organisation_number="202100-5489"),
        row(name="new"),
        row(name="The green bakery", municipalities="Töreboda"),
    )
    assert [(one.row, one.actor, one.same_as_row) for one in result.skipped] == [
        (2, known, None),
        (3, known, None),
        (5, None, 4),
    ]
    assert [new.facts.name for new in result.new] == ["New", "The green bakery"]


def test_import_makes_all_and_invites_the_contacts(cast):
    factories.user("eva@example.org", language="sv")
    rows = plan(
        row(contact_email="eva@example.org"), row(name="Other", contact_email="nils@example.org"), row(name="Third")
    ).new
    import_actors(rows=rows, by=cast.steward, now=NOW)
    assert [actor.slug for actor in Actor.objects.order_by("pk")] == ["the-green-bakery", "other", "third"]
    assert {actor.folded for actor in Actor.objects.all()} == {"the green bakery", "other", "third"}
    assert [area.key for area in Actor.objects.first().municipalities.all()] == ["SE-1493"]
    assert Actor.history.filter(history_user=cast.steward).count() == 3
    assert [(offer.email, offer.role) for offer in ActorOffer.objects.order_by("pk")] == [
        ("eva@example.org", "contact"),
        ("nils@example.org", "contact"),
    ]
    assert {mail.to_address for mail in OutboxMessage.objects.all()} == {"eva@example.org", "nils@example.org"}


def test_import_is_undone_when_one_of_its_actors_was_just_registered(cast):
    rows = plan(row(), row(name="Other", organisation_number="556036-0793")).new
    factories_networks.actor(organisation_number="5560360793")
    with pytest.raises(Refused) as refused:
        import_actors(rows=rows, by=cast.steward, now=NOW)
    assert "has just registered one of these" in str(refused.value)
    assert (Actor.objects.count(), OutboxMessage.objects.count()) == (1, 0)


def test_two_imports_at_once_make_each_actor_once(at_once):
    factories.area()
    by = factories.steward()
    rows = plan(row(organisation_number="556036-0793")).new
    results = at_once(lambda _place: import_actors(rows=rows, by=by, now=NOW), 2)
    assert sorted(type(result).__name__ for result in results) == ["Refused", "list"]
    assert Actor.objects.count() == 1


def importers(cast):
    """Who may import, by name: the convener of a network, a county's coordinator, a steward."""
    convener = factories_networks.convener(factories_networks.network())
    draft = factories_networks.convener(factories_networks.network(state=NetworkState.DRAFT))
    coordinator = factories.coordinator(cast.area.parent)
    people = {"convener": convener, "draft": draft, "coordinator": coordinator, "owner": cast.owner}
    return {**people, "steward": cast.steward, "outsider": cast.outsider}


@pytest.mark.parametrize("name", [UPLOAD, "networks:actors_import_template"])
def test_conveners_county_coordinators_and_stewards_import(cast, client, name):
    statuses = {}
    for who, user in importers(cast).items():
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        statuses[who] = client.get(reverse(name)).status_code
    expected = {"convener": 200, "draft": 404, "coordinator": 200, "owner": 404, "steward": 200, "outsider": 404}
    assert statuses == expected
    with pytest.raises(Refused):
        import_actors(rows=[], by=cast.owner, now=NOW)


def test_preview_keeps_nothing_and_carrying_out_makes_what_it_showed(cast):
    client = cast.client("steward")
    preview = upload(client, row(contact_email="eva@example.org"), row(name="=HYPERLINK(1)"))
    assert (Actor.objects.count(), "eva@example.org" in preview.text) == (0, True)
    answer = carry_out(client, preview)
    assert (answer["Location"], Actor.objects.count(), ActorOffer.objects.count()) == (reverse("networks:actors"), 2, 1)


def test_file_with_a_fault_cannot_be_carried_out(cast):
    preview = upload(cast.client("steward"), row(), row(name="Other", municipalities="Atlantis"))
    assert (preview.context["signed"], "Row" in preview.text, "Atlantis" in preview.text) == ("", True, True)


def test_what_has_changed_since_the_preview_is_shown_again(cast):
    client = cast.client("steward")
    preview = upload(client, row(), row(name="Other"))
    factories_networks.actor(name="Other")
    answer = carry_out(client, preview)
    assert (answer.status_code, [one.name for one in answer.context["skipped"]]) == (200, ["Other"])
    assert Actor.objects.count() == 1


def test_preview_of_another_person_or_made_up_is_refused(cast, client):
    preview = upload(cast.client("steward"), row())
    other = factories.steward()
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert carry_out(client, preview)["Location"] == reverse(UPLOAD)
    made_up = client.post(reverse("networks:actors_import_carry_out"), {"rows": "x", "count": "1"})
    assert (made_up["Location"], Actor.objects.count()) == (reverse(UPLOAD), 0)


def test_damaged_file_is_refused_at_its_field(cast):
    file = SimpleUploadedFile("actors.xlsx", b"PK\x03\x04 broken", "application/octet-stream")
    answer = cast.client("steward").post(reverse(UPLOAD), {"file": file})
    assert list(answer.context["form"].errors) == ["file"]


def test_template_can_be_filled_in_and_read_back(cast):
    content = cast.client("steward").get(reverse("networks:actors_import_template")).content
    heads = [cell.value for cell in next(load_workbook(io.BytesIO(content)).active.iter_rows())]
    assert heads == HEADINGS
    result = planned(sheets.read(io.BytesIO(content), most_rows=10))
    assert (len(result.new), result.faults) == (1, [])


def test_two_thousand_rows_are_planned_with_a_handful_of_queries():
    rows = [row(name=f"Actor {number}", contact_email=f"p{number}@example.org") for number in range(2000)]
    with CaptureQueriesContext(connection) as queries:
        result = plan(*rows)
    assert (len(result.new), len(queries) <= 4) == (2000, True)
