"""Files of an application: kept whatever else happens, replaced and removed, read by those who may."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import Application, Attachment, Question, QuestionKind
from samkraft.calls.operations import applications as beginning
from samkraft.calls.operations import applications_sending as operations
from samkraft.calls.operations.applications_sending import attach, detach, save, submit
from samkraft.calls.rules.answers import Typed
from samkraft.records.files import address_of, forget_unused_files, path_of
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused
from tests.records import uploads

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FILLED = Typed(name="Eva", place="SE-1493", role="employee", sector="planning")


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path, monkeypatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def application() -> Application:
    call = factories_calls.call()
    factories_calls.question(call, kind=QuestionKind.FILE, label="Your plan")
    return beginning.begin(call=call, email="eva@example.org", language="en", now=NOW)


def asked(application: Application) -> Question:
    return application.call.questions.get(kind=QuestionKind.FILE)


def pdf(name: str = "plan.pdf"):
    return uploads.upload(uploads.PDF, name)


def put(application: Application, name: str = "plan.pdf") -> StoredFile:
    return attach(application=application, question=asked(application), upload=pdf(name), now=NOW).file


def post(client, application: Application, **said):
    version = str(Application.objects.get(pk=application.pk).version)
    return client.post(links.form_path(application), {"version": version, **said}, follow=True)


def test_file_is_added_in_the_form_and_read_by_the_link(application, client) -> None:
    field = f"q{asked(application).pk}"

    page = post(client, application, **{"name": "Eva", "upload": field, field: pdf()})

    file = Attachment.objects.get().file
    assert (file.name, file.purpose, file.by) == ("plan.pdf", "calls.attachment", None)
    assert page.redirect_chain[-1][0] == f"{links.form_path(application)}#id_{field}"
    address = reverse("calls:application_file", args=[links.token_of(application), file.pk])
    assert address in page.content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, uploads.PDF)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    application.refresh_from_db()
    assert application.working == {"name": "Eva"}


def test_file_that_cannot_be_kept_is_told_and_the_words_are_kept(application, client) -> None:
    field = f"q{asked(application).pk}"

    page = post(client, application, **{"name": "Eva", "preview": "1", field: uploads.upload(b"MZ", "plan.exe")})

    assert page.status_code == 200
    assert "Documents of this kind are not taken." in page.content.decode()
    application.refresh_from_db()
    assert (application.working, Attachment.objects.count()) == ({"name": "Eva"}, 0)


def test_file_survives_another_windows_saving_and_every_autosave(application, client) -> None:
    field = f"q{asked(application).pk}"
    save(application=application, typed=Typed(name="There"), version=0, now=NOW)

    client.post(links.form_path(application), {"version": "0", "name": "Here", field: pdf()})
    client.post(
        reverse("calls:application_autosave", args=[links.token_of(application)]), {"version": "1", "name": "Then"}
    )

    assert Attachment.objects.get().file.name == "plan.pdf"


def test_replaced_file_is_gone_and_removed_one_too(application) -> None:
    first = put(application)
    second = put(application, "better.pdf")

    assert not StoredFile.objects.filter(pk=first.pk).exists()
    assert default_storage.exists(path_of(second))
    detach(application=application, question=asked(application), now=NOW)
    detach(application=application, question=asked(application), now=NOW)
    assert StoredFile.objects.count() == 0


def test_button_takes_the_file_out_and_keeps_the_words(application, client) -> None:
    put(application)

    post(client, application, name="Eva", remove=f"q{asked(application).pk}")

    application.refresh_from_db()
    assert (Attachment.objects.count(), application.working) == (0, {"name": "Eva"})


def test_file_that_was_sent_in_stays_until_sent_in_anew(application) -> None:
    first = put(application)
    save(application=application, typed=FILLED, now=NOW)
    submit(application=application, now=NOW)

    second = put(application, "better.pdf")
    assert application.answers.get().file == first
    assert default_storage.exists(path_of(first))

    submit(application=application, now=NOW)
    assert application.answers.get().file == second
    assert list(StoredFile.objects.all()) == [second]


def test_required_file_is_missing_until_it_is_there(application) -> None:
    save(application=application, typed=FILLED, now=NOW)
    with pytest.raises(operations.Incomplete) as refused:
        submit(application=application, now=NOW)
    assert [fault.sentence for fault in refused.value.faults] == ["Add a file."]

    put(application)
    assert submit(application=application, now=NOW).state == "submitted"


def test_file_of_a_draft_is_not_taken_for_a_leftover(application) -> None:
    put(application)

    assert forget_unused_files(now=NOW + timedelta(days=30)) == 0
    assert StoredFile.objects.count() == 1


def test_files_are_added_to_questions_of_ones_own_call_alone(application) -> None:
    elsewhere = factories_calls.question(factories_calls.call(), kind=QuestionKind.FILE)
    text = factories_calls.question(application.call)

    for question in (elsewhere, text):
        with pytest.raises(Refused):
            attach(application=application, question=question, upload=pdf(), now=NOW)
    assert StoredFile.objects.count() == 0


def test_adding_files_is_limited(application, monkeypatch) -> None:
    monkeypatch.setattr(operations, "FILES_AN_HOUR", 2)
    put(application)
    put(application)

    with pytest.raises(Refused, match="Wait an hour"):
        put(application)


def test_file_is_read_at_its_own_address_by_its_applicant_and_the_organisers_alone(client) -> None:
    call = factories_calls.call()
    question = factories_calls.question(call, kind=QuestionKind.FILE, is_required=False)
    applicant = factories.user("eva@example.org")
    own = beginning.begin_as_reader(call=call, user=applicant, now=NOW)
    file = attach(application=own, question=question, upload=pdf(), now=NOW).file
    save(application=own, typed=FILLED, now=NOW)
    reviewer, idle = factories_calls.reviewer(call), factories_calls.reviewer(call)
    factories_calls.review(own, reviewer)
    readers = {
        "applicant": applicant,
        "organiser": factories_calls.organiser(call),
        "reviewer": reviewer,
        "idle reviewer": idle,
        "organiser of another": factories_calls.organiser(factories_calls.call()),
        "outsider": factories.user(),
    }

    def statuses() -> dict[str, int]:
        found = {}
        for name, reader in readers.items():
            client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
            found[name] = client.get(address_of(file)).status_code
        client.logout()
        return {**found, "visitor": client.get(address_of(file)).status_code}

    nobody = dict.fromkeys([*readers, "visitor"], 404)
    # Before it is sent in it is the applicant's own.
    assert statuses() == {**nobody, "applicant": 200}
    submit(application=own, now=NOW)
    assert statuses() == {**nobody, "applicant": 200, "organiser": 200}


def test_link_of_one_application_reads_no_file_of_another(application, client) -> None:
    file = put(application)
    other = beginning.begin(call=application.call, email="bo@example.org", language="en", now=NOW)

    for number in (file.pk, 0, 999_999):
        address = reverse("calls:application_file", args=[links.token_of(other), number])
        assert client.get(address).status_code == 404
