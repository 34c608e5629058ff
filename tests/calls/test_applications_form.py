"""The form in a browser without scripts, and what the script asks for."""

import re

import pytest
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import Applicants, Application, Call, FeatureSource, Merit, Question, QuestionKind
from samkraft.calls.operations import applications as beginning
from samkraft.calls.operations.applications_sending import save
from samkraft.calls.rules.answers import Typed
from samkraft.notices.models import OutboxMessage
from tests import factories_networks

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(autouse=True)
def at_now(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def application() -> Application:
    """Begun by Eva, of a call with a question of each kind."""
    call = factories_calls.call()
    for kind, fields in {
        QuestionKind.LONG_TEXT: {"most": 40, "help_text": "In <b>short</b>."},
        QuestionKind.TEXT: {"is_required": False},
        QuestionKind.CHOICE: {"choices": [{"value": "new", "label": "New"}, {"value": "old", "label": "Old"}]},
        QuestionKind.NUMBER: {"least": 1, "most": 10},
        QuestionKind.FILE: {"is_required": False},
        QuestionKind.CONSENT: {},
    }.items():
        factories_calls.question(call, kind=kind, label=f"About {kind}", **fields)
    return beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)


def field(application: Application, kind: str) -> str:
    return f"q{Question.objects.get(call=application.call, kind=kind).pk}"


def everything(application: Application, **changes: str) -> dict[str, str]:
    said = {
        "version": str(Application.objects.get(pk=application.pk).version),
        "name": "Eva",
        "place": "SE-1493",
        "role": "employee",
        "sector": "planning",
        field(application, QuestionKind.LONG_TEXT): "Because I want to.\r\nReally.",
        field(application, QuestionKind.CHOICE): "old",
        field(application, QuestionKind.NUMBER): "4",
        field(application, QuestionKind.CONSENT): "yes",
    }
    return {**said, **changes}


def test_visitor_fills_in_looks_through_and_sends_in(application, client) -> None:
    form = client.get(links.form_path(application))
    assert form.status_code == 200

    preview = client.post(links.form_path(application), everything(application, preview="1"), follow=True)
    text = preview.content.decode()
    assert preview.redirect_chain[-1][0].endswith("/send/")
    for words in ("Because I want to.<br>Really.", "Old", "Mariestads kommun", "Planning", "Send in the application"):
        assert words in text
    application.refresh_from_db()
    assert application.state == "draft"

    done = client.post(preview.redirect_chain[-1][0], {"version": str(application.version)}, follow=True)
    application.refresh_from_db()
    assert (application.state, application.name) == ("submitted", "Eva")
    assert done.redirect_chain[-1][0] == links.application_path(application)
    text = done.content.decode()
    assert "We have mailed you a receipt with all your answers." in text
    assert "You can change or withdraw it until Thursday March 12, 2026 at 10:30" in text
    assert OutboxMessage.objects.filter(kind="calls.receipt").count() == 1


def test_preview_says_what_is_missing_with_links_to_it_and_does_not_send(application, client) -> None:
    client.post(links.form_path(application), everything(application, name="", preview="1"))
    preview = reverse("calls:application_preview", args=[links.token_of(application)])

    text = client.get(preview).content.decode()

    assert f'href="{links.form_path(application)}?faults=1#id_name">Write your name.' in text
    assert "Send in the application" not in text
    application.refresh_from_db()
    answer = client.post(preview, {"version": str(application.version)}, follow=True)
    assert "Nothing has been sent in yet." in answer.content.decode()
    form = client.get(f"{links.form_path(application)}?faults=1").content.decode()
    assert 'href="#id_name"' in form and 'id="id_name_error"' in form
    application.refresh_from_db()
    assert application.state == "draft"


def test_preview_leaves_out_of_the_list_what_it_says_is_missing(application, client) -> None:
    choice, consent = field(application, QuestionKind.CHOICE), field(application, QuestionKind.CONSENT)
    typed = everything(application, role="", preview="1", **{choice: ""})
    typed.pop(consent)
    client.post(links.form_path(application), typed)

    text = client.get(reverse("calls:application_preview", args=[links.token_of(application)])).content.decode()

    assert "3 answers are missing or have to be changed" in text
    assert "Nothing is sent in yet. Fill in what is missing" in text and "at the end of the page" not in text
    form_url = f"{links.form_path(application)}?faults=1"
    assert f'href="{form_url}#id_role_0">Choose your role.</a>' in text
    assert f'href="{form_url}#id_{choice}_0">“About choice” Choose one of the answers.</a>' in text
    assert "<dt>About number</dt>" in text and "<dt>About choice</dt>" not in text
    form = client.get(form_url).content.decode()
    assert f'href="#id_{consent}">“About consent” You need to agree to this to apply.</a>' in form


def test_pages_of_an_application_lead_back_to_the_call(application, client) -> None:
    for name in ("application", "application_form", "application_preview", "application_erase"):
        text = client.get(reverse(f"calls:{name}", args=[links.token_of(application)])).content.decode()
        crumbs = text.partition("page-breadcrumbs")[2].partition("</nav>")[0]
        assert f'href="{application.call.get_absolute_url()}"' in crumbs, name


def test_preview_warns_who_tells_their_name_to_blind_reviewers(application, client) -> None:
    Call.objects.filter(pk=application.call_id).update(merit=Merit.THRESHOLD, merit_threshold=3)
    told = everything(application, name="Eva Berg", **{field(application, QuestionKind.LONG_TEXT): "I, Eva Berg, do."})
    client.post(reverse("calls:application_form", args=[links.token_of(application)]), {**told, "save": "1"})
    preview = reverse("calls:application_preview", args=[links.token_of(application)])

    page = client.get(preview).content.decode()
    assert "“About long_text”: Eva, Berg" in page and "That does no harm." in page

    for nobody_reads_it in ({"is_blind": False}, {"is_blind": True, "merit": Merit.NONE, "merit_threshold": None}):
        Call.objects.filter(pk=application.call_id).update(**nobody_reads_it)
        assert "Eva, Berg" not in client.get(preview).content.decode()


def test_form_begun_is_not_full_of_faults(application, client) -> None:
    assert "ds-error-summary" not in client.get(links.form_path(application)).content.decode()


def test_what_is_saved_for_later_stands_there_again(application, client) -> None:
    answer = client.post(links.form_path(application), everything(application, later="1"), follow=True)
    assert "Everything is saved." in answer.content.decode()

    text = client.get(links.form_path(application)).content.decode()

    assert 'value="Eva"' in text
    assert '<option value="SE-1493" selected>Mariestad</option>' in text
    assert "Because I want to.\nReally.</textarea>" in text
    assert len(re.findall(r" checked", text)) == 3


def test_answer_that_is_too_long_is_kept_and_told(application, client) -> None:
    long = {field(application, QuestionKind.LONG_TEXT): "x" * 60}

    client.post(links.form_path(application), everything(application, **long, later="1"))

    application.refresh_from_db()
    assert application.working["answers"][field(application, QuestionKind.LONG_TEXT)[1:]] == "x" * 60
    text = client.get(f"{links.form_path(application)}?faults=1").content.decode()
    assert "The answer is 20 characters too long." in text


def test_what_people_wrote_is_never_markup(application, client) -> None:
    client.post(links.form_path(application), everything(application, name="<script>alert(1)</script>"))

    for address in (links.form_path(application), links.application_path(application)):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<b>short</b>" not in text
    assert "In &lt;b&gt;short&lt;/b&gt;." in client.get(links.form_path(application)).content.decode()


def test_signs_that_no_database_keeps_are_left_out(application, client) -> None:
    client.post(links.form_path(application), everything(application, name="E\x00va\x07"))

    application.refresh_from_db()
    assert application.working["name"] == "Eva"


def test_two_windows_show_both_versions_and_the_later_decides(application, client) -> None:
    path = links.form_path(application)
    client.post(path, everything(application, name="Eva in the first"))

    page = client.post(path, everything(application, name="Eva in the second", version="0"))

    text = page.content.decode()
    assert page.status_code == 200
    assert "This application has been changed in another window" in text
    assert "<dd>Eva in the first</dd>" in text and 'value="Eva in the second"' in text
    version = re.search(r'name="version" value="(\d+)"', text).group(1)
    client.post(path, everything(application, name="Eva in the second", version=version))
    application.refresh_from_db()
    assert application.working["name"] == "Eva in the second"


def test_window_that_does_not_say_what_it_knows_overwrites_nothing(application, client) -> None:
    save(application=application, typed=Typed(name="Eva"), now=NOW)

    for version in ("", "-1", "999999999999", "²"):
        client.post(links.form_path(application), {"name": "Bo", "version": version})

    application.refresh_from_db()
    assert application.working == {"name": "Eva"}


def test_question_that_the_page_did_not_show_keeps_its_answer(application, client) -> None:
    client.post(links.form_path(application), everything(application))
    application.refresh_from_db()

    client.post(links.form_path(application), {"name": "Eva Ek", "version": str(application.version)})

    application.refresh_from_db()
    assert application.working["name"] == "Eva Ek"
    assert application.working["answers"][field(application, QuestionKind.NUMBER)[1:]] == "4"


def test_autosave_answers_with_a_line_and_the_version(application, client) -> None:
    address = reverse("calls:application_autosave", args=[links.token_of(application)])

    first = client.post(address, everything(application, name="E"))
    told = first.json()
    assert (told["said"], told["version"], told["place"].strip()) == ("Saved 10:30", 1, "")

    second = client.post(address, everything(application, name="Ev", version="0"))
    assert second.status_code == 409
    assert second.json()["said"].startswith("This application has been changed in another window")
    assert client.get(address).status_code == 405


def test_place_that_cannot_apply_is_told_while_one_fills_in(application, client) -> None:
    application.call.eligibility.create(fact="county", comparison="is_one_of", value=["SE-12"])
    factories.area()
    token = links.token_of(application)
    words = f"The call is for {factories.county('12', 'Skåne').full_name}."

    fragment = client.get(reverse("calls:application_check", args=[token]), {"place": "SE-1493"})
    assert words in fragment.content.decode() and "<html" not in fragment.content.decode()
    assert words not in client.get(reverse("calls:application_check", args=[token]), {"place": "x"}).content.decode()

    saved = client.post(reverse("calls:application_autosave", args=[token]), everything(application))
    assert words in saved.json()["place"]
    assert words in client.get(links.form_path(application)).content.decode()
    preview = client.get(reverse("calls:application_preview", args=[token])).content.decode()
    assert words in preview and "Send in the application" not in preview
    assert "It cannot be sent in as it stands" in preview
    assert 'faults=1#id_place">Have you chosen the wrong place? Change it.</a>' in preview


def test_municipality_that_has_applied_is_told_without_whose_application_it_is(client) -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    factories_calls.application(call, "bo@example.org", name="Bo Berg")
    own = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)

    text = client.get(
        reverse("calls:application_check", args=[links.token_of(own)]), {"place": "SE-1493"}
    ).content.decode()

    assert "An application for Mariestad has been sent in already" in text
    assert "Bo" not in text


def test_places_stand_by_county_and_municipalities_alone_where_they_apply(application, client) -> None:
    text = client.get(links.form_path(application)).content.decode()
    assert '<optgroup label="Västra Götalands län">' in text
    assert '<option value="SE-14">Västra Götalands län</option>' in text

    of_municipalities = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    other = beginning.begin(call=of_municipalities, email="eva@example.org", language="en", now=NOW)
    text = client.get(links.form_path(other)).content.decode()
    assert '<option value="SE-14">' not in text and '<option value="SE-1493">' in text


def test_actor_is_asked_for_its_name_and_not_for_a_sector_unless_the_call_goes_by_it(client) -> None:
    call = factories_calls.call(applicants=Applicants.ACTOR)
    own = beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)

    text = client.get(links.form_path(own)).content.decode()
    assert 'name="actor_name"' in text and 'name="sector"' not in text

    factories_calls.criterion(call, FeatureSource.SECTOR)
    assert 'name="sector"' in client.get(links.form_path(own)).content.decode()


def test_reader_who_speaks_for_an_actor_finds_its_name_filled_in() -> None:
    call = factories_calls.call(applicants=Applicants.ACTOR)
    actor = factories_networks.actor(name="The bakery")
    reader = factories_networks.speaker(actor)

    own = beginning.begin_as_reader(call=call, user=reader, now=NOW)

    assert own.working == {"name": reader.name, "actor_name": "The bakery"}


def test_changing_what_was_sent_in_says_that_it_stands_until_then(application, client) -> None:
    client.post(links.form_path(application), everything(application))
    application.refresh_from_db()
    preview = reverse("calls:application_preview", args=[links.token_of(application)])
    client.post(preview, {"version": str(application.version)})

    text = client.get(links.form_path(application)).content.decode()
    assert "What you sent in on Monday March 2, 2026 at 10:30 stands until you send in anew." in text

    client.post(links.form_path(application), everything(application, name="Eva Ek", later="1"))
    text = client.get(links.application_path(application)).content.decode()
    assert "You have changed something that is not sent in" in text
    assert "<dd>Eva Ek</dd>" in text and "<dd>Eva</dd>" in text


@pytest.mark.parametrize("address", ["form", "preview", "overview"])
def test_pages_of_an_application_cost_as_many_queries_however_much_is_asked(
    address: str, application, client, django_assert_max_num_queries
) -> None:
    client.post(links.form_path(application), everything(application))
    paths = {
        "form": links.form_path(application),
        "preview": reverse("calls:application_preview", args=[links.token_of(application)]),
        "overview": links.application_path(application),
    }
    with django_assert_max_num_queries(12) as few:
        client.get(paths[address])
    for _number in range(3):
        factories_calls.question(application.call)
    with django_assert_max_num_queries(12) as many:
        client.get(paths[address])
    assert len(few) == len(many)
