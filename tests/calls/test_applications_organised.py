"""The organisers' list of applications: filters that stand in the address, order, pages, files, reading one."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from samkraft.calls.forms.applications_organised import FilterForm
from samkraft.calls.models import (
    Answer,
    ApplicantRole,
    Application,
    ApplicationState,
    CallState,
    Decision,
    Outcome,
    QuestionKind,
)
from samkraft.calls.queries import filters
from samkraft.calls.views import applications_organised as views
from samkraft.people.models import Sector
from samkraft.records import files

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def found(call, query: str = "") -> list[str]:
    """The names of those that the address finds, in its order."""
    form = FilterForm(QueryDict(query), call=call, questions=list(call.questions.all()))
    return [application.name for application in filters.in_order(filters.matching(call, form.wanted()))]


def named(call, name, **fields):
    return factories_calls.application(call, name=name, **fields)


def test_what_was_sent_in_is_found_and_neither_drafts_samples_nor_other_calls() -> None:
    call = factories_calls.call()
    named(call, "Sent")
    named(call, "Withdrawn", state=ApplicationState.WITHDRAWN)
    named(call, "Excluded", state=ApplicationState.EXCLUDED)
    named(call, "Draft", state=ApplicationState.DRAFT, submitted_at=None)
    named(call, "Sample", is_sample=True)
    named(factories_calls.call(), "Elsewhere")

    assert found(call) == ["Sent"]
    assert found(call, "state=withdrawn") == ["Withdrawn"]
    assert found(call, "state=excluded") == ["Excluded"]
    assert found(call, "state=every") == ["Sent", "Withdrawn", "Excluded"]
    assert filters.drafts(call) == 1


def test_search_finds_names_and_places_whatever_the_letters() -> None:
    call = factories_calls.call()
    named(call, "Åsa Öberg")
    named(call, "Bo Ek", place=factories.area("1440", "Ale"))

    assert found(call, "q=åsa") == found(call, "q=ASA+OBERG") == ["Åsa Öberg"]
    assert found(call, "q=ale") == ["Bo Ek"]
    assert found(call, "q=nobody") == []


def test_role_sector_part_and_size_narrow_together() -> None:
    call = factories_calls.call(size_bounds=[15_000])
    stockholm = factories.area("0180", "Stockholm", of=factories.county("01", "Stockholm"))
    named(call, "A", role=ApplicantRole.ELECTED, sector=Sector.EDUCATION)
    named(call, "B", role=ApplicantRole.ELECTED, place=stockholm)
    named(call, "C", sector=Sector.EDUCATION, place=None)

    assert found(call, "role=elected") == ["A", "B"]
    assert found(call, "sector=education") == ["A", "C"]
    assert found(call, "role=elected&sector=education") == ["A"]
    assert found(call, "part=svealand") == ["B"]
    assert found(call, "part=gotaland") == ["A"]
    assert found(call, "size=1") == []


def test_every_kind_of_answer_can_be_filtered_by() -> None:
    call = factories_calls.call()
    choice = factories_calls.choice_question(call, "new", "used", "old")
    number = factories_calls.question(call, kind=QuestionKind.NUMBER)
    words = factories_calls.question(call)
    consent = factories_calls.question(call, kind=QuestionKind.CONSENT)
    upload = factories_calls.question(call, kind=QuestionKind.FILE)
    first = named(call, "A", answers={choice: "new", number: "12.5", words: "Bättre CYKELBANOR", consent: "yes"})
    named(call, "B", answers={choice: "old", number: "100", words: "Trains"})
    named(call, "C", answers={choice: "used"})
    document = files.store_document(
        upload=SimpleUploadedFile("plan.txt", b"Plan"), purpose="calls.attachment", by=None, now=NOW
    )
    Answer.objects.create(application=first, question=upload, file=document)

    assert found(call, f"a{choice.pk}-is=new&a{choice.pk}-is=old") == ["A", "B"]
    assert found(call, f"a{number.pk}-least=13") == ["B"]
    assert found(call, f"a{number.pk}-most=12.5") == ["A"]
    assert found(call, f"a{number.pk}-least=1&a{number.pk}-most=99") == ["A"]
    assert found(call, f"a{words.pk}-has=cykelbanor") == ["A"]
    assert found(call, f"a{consent.pk}-given=yes") == ["A"]
    assert found(call, f"a{consent.pk}-given=no") == ["B", "C"]
    assert found(call, f"a{upload.pk}-given=yes") == ["A"]
    assert found(call, f"a{choice.pk}-is=new&a{number.pk}-least=13") == []


@pytest.mark.parametrize(
    "query", ["state=none", "points=many", "sort=luck", "a0-is=x", "role=%00", "part=moon", "q=", "outcome=won"]
)
def test_a_filter_that_is_not_one_does_not_narrow(query) -> None:
    call = factories_calls.call()
    named(call, "A")

    assert found(call, query) == ["A"]


def test_points_and_outcomes_narrow() -> None:
    call = factories_calls.call(state=CallState.DRAWN)
    factories_calls.scale(call)
    low, high, _none = (named(call, name) for name in "ABC")
    reader = factories_calls.reviewer(call)
    factories_calls.review(low, reader, 2)
    factories_calls.review(high, reader, 5)
    draw = call.draws.create(seats=1, begun_at=NOW)
    Decision.objects.create(call=call, draw=draw, application=high, drawn_outcome=Outcome.PLACE, outcome=Outcome.PLACE)

    assert found(call, "points=2.5") == ["B"]
    assert found(call, "points=2") == ["A", "B"]
    assert found(call, "outcome=place") == ["B"]
    assert found(call, "sort=points") == ["B", "A", "C"]


def test_the_order_is_chosen() -> None:
    call = factories_calls.call()
    named(call, "Örjan", place=factories.area("1440", "Ale"))
    named(call, "anna")
    named(call, "Bo")

    assert found(call) == ["Örjan", "anna", "Bo"]
    assert found(call, "sort=name") == ["anna", "Bo", "Örjan"]
    assert found(call, "sort=place") == ["Örjan", "anna", "Bo"]


def test_the_page_tells_how_many_fit_and_keeps_the_filter_in_its_links(monkeypatch) -> None:
    monkeypatch.setattr(views, "ON_A_PAGE", 2)
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    for number in range(3):
        named(call, f"Elected {number}", role=ApplicantRole.ELECTED)
    named(call, "Employed")
    url = reverse("calls:applications", args=[call.slug])

    page = text_of(browser(organiser).get(url, {"role": "elected"}))
    assert "3 applications fit what you chose." in page
    assert 'href="?role=elected&amp;page=2"' in page
    assert f'{reverse("calls:applications_csv", args=[call.slug])}?role=elected"' in page
    assert f'{reverse("calls:group_mail", args=[call.slug])}?role=elected"' in page
    assert "Employed" not in page
    page = text_of(browser(organiser).get(url, {"role": "elected", "page": "2"}))
    assert ("Elected 2" in page, "Elected 1" in page) == (True, False)


def test_an_empty_list_says_what_will_be_there() -> None:
    call = factories_calls.call()
    organiser = factories_calls.organiser(call)
    url = reverse("calls:applications", args=[call.slug])

    assert "No application is sent in yet" in text_of(browser(organiser).get(url))
    named(call, "A")
    assert "No application fits" in text_of(browser(organiser).get(url, {"q": "nobody"}))


def test_the_list_asks_as_much_for_three_as_for_one(django_assert_max_num_queries) -> None:
    call = factories_calls.call(state=CallState.IN_REVIEW)
    organiser, reader = factories_calls.organiser(call), factories_calls.reviewer(call)
    factories_calls.scale(call)
    question = factories_calls.choice_question(call, "new")
    factories_calls.review(named(call, "A", answers={question: "new"}), reader, 3)
    client, url = browser(organiser), reverse("calls:applications", args=[call.slug])
    query = {"part": "gotaland", f"a{question.pk}-is": "new", "points": "1"}
    client.get(url, query)
    with django_assert_max_num_queries(14) as one:
        client.get(url, query)
    with django_assert_max_num_queries(12) as plain:
        client.get(url)
    for name in "BC":
        area = factories.area(f"14{40 + ord(name)}", f"Place {name}")
        factories_calls.review(named(call, name, answers={question: "new"}, place=area), reader, 4)
    with django_assert_max_num_queries(14) as three:
        client.get(url, query)
    with django_assert_max_num_queries(12) as three_plain:
        client.get(url)

    assert (len(three), len(three_plain)) == (len(one), len(plain))


# Files


def call_with_answers():
    call = factories_calls.call()
    asked = factories_calls.question(call, label="Why?")
    personal = factories_calls.question(call, label="Allergies", is_personal=True)
    choice = factories_calls.choice_question(call, "new", label="Which?")
    number = factories_calls.question(call, kind=QuestionKind.NUMBER, label="How many?")
    text = "=HYPERLINK(1) I am Ada, call 070-123 45 67"
    answers = {asked: text, personal: "Nuts", choice: "new", number: "-3"}
    named(call, "Ada Lovelace", email="ada@example.org", answers=answers)
    named(call, "@formula", role=ApplicantRole.ELECTED)
    return call


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_holds_what_fits_with_all_answers_and_escapes_formulas() -> None:
    call = call_with_answers()
    client = browser(factories_calls.organiser(call))

    rows = rows_of(client.get(reverse("calls:applications_csv", args=[call.slug])))

    assert [row["Name"] for row in rows] == ["Ada Lovelace", "'@formula"]
    assert rows[0]["E-mail address"] == "ada@example.org"
    assert rows[0]["Why?"] == "'=HYPERLINK(1) I am Ada, call 070-123 45 67"
    assert (rows[0]["Allergies"], rows[0]["Which?"], rows[0]["How many?"]) == ("Nuts", "New", "-3.0")
    assert (rows[0]["County"], rows[0]["State"]) == ("Västra Götalands län", "Sent in")
    rows = rows_of(client.get(reverse("calls:applications_csv", args=[call.slug]), {"role": "elected"}))
    assert [row["Name"] for row in rows] == ["'@formula"]


def test_the_file_without_names_tells_nobody() -> None:
    call = call_with_answers()
    client = browser(factories_calls.organiser(call))

    response = client.get(reverse("calls:applications_csv", args=[call.slug]), {"names": "no"})

    said = response.content.decode()
    assert [word for word in ("Ada", "Lovelace", "ada@example.org", "070", "Nuts", "Allergies") if word in said] == []
    assert rows_of(response)[0]["Why?"] == "'=HYPERLINK(1) I am [hidden], call [hidden]"
    assert "without-names" in response["Content-Disposition"]


def test_the_workbook_holds_texts_and_no_formulas() -> None:
    call = call_with_answers()
    client = browser(factories_calls.organiser(call))

    response = client.get(reverse("calls:applications_xlsx", args=[call.slug]))

    sheet = load_workbook(BytesIO(response.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "=HYPERLINK(1) I am Ada, call 070-123 45 67" in [cell.value for cell in cells]


def test_files_ask_as_much_for_three_as_for_one(django_assert_max_num_queries) -> None:
    call = call_with_answers()
    Application.objects.filter(name="@formula").delete()
    client, url = browser(factories_calls.organiser(call)), reverse("calls:applications_csv", args=[call.slug])
    client.get(url, {"names": "no"})
    with django_assert_max_num_queries(12) as one:
        client.get(url, {"names": "no"})
    question = call.questions.first()
    for name in "BC":
        named(call, name, answers={question: f"I am {name}"})
    with django_assert_max_num_queries(12) as three:
        client.get(url, {"names": "no"})

    assert len(three) == len(one)


# Reading one


def test_one_is_read_with_answers_reviews_and_what_happened() -> None:
    call = factories_calls.call(state=CallState.IN_REVIEW)
    organiser, reader = factories_calls.organiser(call), factories_calls.reviewer(call)
    factories_calls.scale(call)
    asked = factories_calls.question(call)
    application = named(call, "Ada Lovelace", answers={asked: "Because."})
    factories_calls.review(application, reader, 4, comment="Convincing.")
    client = browser(organiser)
    url = reverse("calls:application_read", args=[call.slug, application.pk])

    page = text_of(client.get(url))
    for words in ("Ada Lovelace", "Because.", "Convincing.", "4 of 5", "4.00 points on average"):
        assert words in page
    exclude = reverse("calls:application_exclude", args=[call.slug, application.pk])
    assert "This field is required." in text_of(client.post(exclude, {"why": ""}))
    page = text_of(client.post(exclude, {"why": "Not in a municipality."}, follow=True))
    assert "Not taken up : Not in a municipality." in page.replace("up:", "up :")
    assert client.get(exclude).status_code == 404
    page = text_of(client.post(reverse("calls:application_take_up", args=[call.slug, application.pk]), follow=True))
    assert "The application is taken up again." in page
    assert Application.objects.get(pk=application.pk).state == ApplicationState.SUBMITTED


def test_an_erased_application_is_counted_and_names_nobody() -> None:
    call = factories_calls.call()
    application = factories_calls.application(call, name="", email="", erased_at=NOW, place=None)
    client = browser(factories_calls.organiser(call))

    page = text_of(client.get(reverse("calls:applications", args=[call.slug])))
    assert f"Application {application.pk}" in page
    assert "The applicant has had it erased." in page
    page = text_of(client.get(reverse("calls:application_read", args=[call.slug, application.pk])))
    assert "mailto:" not in page


def test_points_at_least_is_a_number_of_points() -> None:
    call = factories_calls.call()
    form = FilterForm(QueryDict("points=3.5"), call=call, questions=[])

    assert form.wanted().least_points == Decimal("3.5")
    assert form.narrowed() == {"points": ["3.5"]}
